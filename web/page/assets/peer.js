// The other worker, with a program of its own: parts of a work go to it and their
// results come back in arrays that go round. One side leads, the other follows.
"use strict";

const spareMost = 8; // arrays that are kept for the next part
const roomLeast = 1100 << 10; // of an array: a window of a journal and what is said of it

class Peer {
  constructor() {
    this.ready = false; // whether there is another worker that answers
    this.done = 0; // parts that it did
    this.waiting = new Set(); // numbers of parts that are on their way
    this.spare = [];
    this.queue = []; // of who follows
    this.turns = new MessageChannel();
    this.turns.port1.onmessage = () => this.turned();
  }

  // turn has Go hear turned once what came until now was answered.
  turn() {
    this.turns.port2.postMessage(0);
  }

  // lead hands parts over to a worker once it answers; Go sets answer, which hears
  // what becomes of each. A worker that fails is one that is gone.
  lead(worker, start) {
    this.port = worker;
    worker.onerror = (e) => {
      e.preventDefault();
      this.alone();
    };
    worker.onmessage = ({ data: { id, room, ok, ready, fault, ended } }) => {
      if (ready) this.ready = true;
      if (fault !== undefined || ended !== undefined) this.alone();
      if (!this.waiting.delete(id)) return;
      if (ok) this.done++;
      this.answer(id, ok ? room : null);
      if (this.spare.length < spareMost) this.spare.push(room.buffer);
    };
    worker.postMessage(start);
  }

  // room is where a part is written.
  room(length) {
    const i = this.spare.findIndex((buffer) => buffer.byteLength >= length);
    return new Uint8Array(i < 0 ? new ArrayBuffer(Math.max(length, roomLeast)) : this.spare.splice(i, 1)[0], 0, length);
  }

  send(id, room) {
    this.waiting.add(id);
    if (this.ready) this.port.postMessage({ id, room }, [room.buffer]);
    else queueMicrotask(() => this.alone());
  }

  // alone is when the other worker is gone: what is on its way comes back undone.
  alone() {
    this.ready = false;
    this.port.terminate();
    const lost = [...this.waiting];
    this.waiting.clear();
    for (const id of lost) this.answer(id, null);
  }

  // follow does the parts that come: Go sets serve, asks for space where the result
  // goes, and replies with it, or with nothing.
  follow() {
    globalThis.onmessage = ({ data }) => {
      this.queue.push(data);
      this.serve(data.room);
    };
    postMessage({ ready: true });
  }

  space(length) {
    const { buffer } = this.queue[0].room;
    return buffer.byteLength < length ? new Uint8Array(length) : new Uint8Array(buffer, 0, length);
  }

  reply(result) {
    const { id, room } = this.queue.shift();
    postMessage({ id, room: result || room, ok: Boolean(result) }, [(result || room).buffer]);
  }
}
