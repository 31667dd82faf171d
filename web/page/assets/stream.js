// Inputs read from a place to their end, ahead of who asks: while the program works,
// the browser brings what comes next. The buffers go round, so that a journal of any
// size leaves no rubbish behind.
//
// Some browsers bring a stream in crumbs, and move on only while nobody computes:
// once that is seen, a worker that does nothing else puts the crumbs together.
"use strict";

const crumb = 64 << 10; // bytes: no read of such a browser is larger
const crumbsSeen = 64; // reads that are looked at
const buffersAhead = 4; // of the other worker

// readStreams is all that the other worker does, over its port: it fills the buffers
// that come for a stream in their order, and sends them back; one without bytes is
// the end.
function readStreams(port) {
  const streams = new Map(); // by number

  // Some browsers bring buffers of their own.
  const open = (stream) => {
    try {
      const reader = stream.getReader({ mode: "byob" });
      return { reader, next: (buffer) => whole(reader, buffer) };
    } catch {
      const reader = stream.getReader();
      return { reader, next: async () => (await reader.read()).value || new Uint8Array(0) };
    }
  };
  const whole = async (reader, buffer) => {
    let n = 0;
    while (n < buffer.byteLength) {
      const { value, done } = await reader.read(new Uint8Array(buffer, n));
      buffer = value.buffer;
      n += value.length;
      if (done) break;
    }
    return new Uint8Array(buffer, 0, n);
  };
  const fill = async (id, s, buffer) => {
    const bytes = await s.next(buffer);
    port.postMessage({ id, bytes }, [bytes.buffer]);
  };

  port.onmessage = ({ data: { id, blob, buffer } }) => {
    const s = streams.get(id);
    if (blob) streams.set(id, { ...open(blob.stream()), last: Promise.resolve() });
    else if (buffer) s.last = s.last.then(() => fill(id, s, buffer)).catch(() => port.postMessage({ id }));
    else if (streams.delete(id)) s.reader.cancel().catch(() => {});
  };
}

// Streams are those of a worker; port makes the other one once there is a stream in
// crumbs.
class Streams {
  constructor(port) {
    this.make = port;
    this.crumbs = false; // whether this browser brings them
    this.far = new Map(); // by number
    this.numbers = 0;
  }

  open(blob, at) {
    return new InputStream(this, blob, at);
  }

  // elsewhere has the other worker read an input.
  elsewhere(blob) {
    if (!this.port) {
      this.port = this.make();
      this.port.onmessage = ({ data: { id, bytes } }) => this.far.get(id)?.hear(bytes);
    }
    const id = ++this.numbers;
    const stream = new FarStream(this.port, id, () => this.far.delete(id));
    this.far.set(id, stream);
    stream.begin(blob);
    return stream;
  }
}

class InputStream {
  constructor(streams, blob, at) {
    this.streams = streams;
    this.blob = blob;
    this.start = at;
    this.at = at; // of the next byte that is given
    this.left = new Uint8Array(0); // read, and not given yet
    this.crumbs = 0;
    this.source = streams.crumbs ? streams.elsewhere(blob) : new NearStream(blob);
  }

  // take gives up to length bytes of what was read, none at the end or where it
  // cannot be read; null when nothing has come.
  take(length) {
    if (!this.left.length) {
      const come = this.source.take();
      if (!come) return null;
      this.left = come;
    }
    const bytes = this.left.subarray(0, length);
    this.left = this.left.subarray(bytes.length);
    this.at += bytes.length;
    return bytes;
  }

  // next waits for what is on its way.
  async next(length) {
    this.left = await this.source.next();
    this.crumbs = this.left.length <= crumb ? this.crumbs + 1 : -Infinity;
    if (this.crumbs === crumbsSeen && !this.streams.crumbs) {
      this.streams.crumbs = true;
      this.source.cancel();
      this.source = this.streams.elsewhere(this.blob.slice(this.at - this.start + this.left.length));
    }
    return this.take(length) || this.left;
  }

  cancel() {
    this.source.cancel();
  }
}

// NearStream is read here, one buffer ahead.
class NearStream {
  constructor(blob) {
    const stream = blob.stream();
    try {
      this.reader = stream.getReader({ mode: "byob" });
      this.spare = new ArrayBuffer(streamChunk);
    } catch {
      this.reader = stream.getReader(); // a browser that brings buffers of its own
    }
    this.#ask(new ArrayBuffer(streamChunk));
  }

  #ask(room) {
    this.coming = this.spare ? this.reader.read(new Uint8Array(room)) : this.reader.read();
    this.coming.catch(() => {}); // who takes it hears of it
  }

  take() {
    return null;
  }

  async next() {
    try {
      const { value, done } = await this.coming;
      if (done) return new Uint8Array(0);
      this.#ask(this.spare);
      if (this.spare) this.spare = value.buffer;
      return value;
    } catch {
      return new Uint8Array(0);
    }
  }

  cancel() {
    this.reader.cancel().catch(() => {});
  }
}

// FarStream is read by the other worker, which has a buffer back once the next one
// is asked for.
class FarStream {
  constructor(port, id, forget) {
    Object.assign(this, { port, id, forget });
    this.come = []; // what was read
    this.given = null;
  }

  begin(blob) {
    this.port.postMessage({ id: this.id, blob });
    for (let i = 0; i < buffersAhead; i++) this.#ask(new ArrayBuffer(streamChunk));
  }

  #ask(buffer) {
    this.port.postMessage({ id: this.id, buffer }, [buffer]);
  }

  // hear takes what was read, nothing where it cannot be.
  hear(bytes) {
    this.come.push(bytes || new Uint8Array(0));
    this.wake?.();
  }

  take() {
    if (!this.come.length) return null;
    if (this.given) this.#ask(this.given);
    const bytes = this.come.shift();
    this.given = bytes.length ? bytes.buffer : null;
    return bytes;
  }

  async next() {
    if (!this.come.length) await new Promise((wake) => { this.wake = wake; });
    return this.take();
  }

  cancel() {
    this.forget();
    this.port.postMessage({ id: this.id });
  }
}
