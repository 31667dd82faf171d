// An input read from a place to its end, one read ahead of who asks: while the
// program works, the browser brings what comes next. The buffers go round, so
// that a journal of any size leaves no rubbish behind.
//
// Some browsers bring a stream in crumbs, and move on only while nobody computes:
// once that is seen, slices are asked for ahead instead, which come on threads of
// the browser's own.
"use strict";

const crumb = 64 << 10; // bytes: no read of such a browser is larger
const crumbsSeen = 64; // reads that are looked at
const slicesAhead = 4;

class InputStream {
  constructor(blob, at) {
    this.blob = blob;
    this.start = at;
    this.at = at; // of the next byte that is given
    this.left = new Uint8Array(0); // read, and not given yet
    this.crumbs = 0;
    this.spare = new ArrayBuffer(streamChunk);
    const stream = blob.stream();
    try {
      this.reader = stream.getReader({ mode: "byob" });
      this.byob = true;
    } catch {
      this.reader = stream.getReader(); // a browser that brings buffers of its own
      this.byob = false;
    }
    this.#ask(new ArrayBuffer(streamChunk));
  }

  #ask(room) {
    this.coming = this.byob ? this.reader.read(new Uint8Array(room)) : this.reader.read();
    this.coming.catch(() => {}); // who takes it hears of it
  }

  #askSlice() {
    if (this.asked >= this.blob.size) return;
    const slice = this.blob.slice(this.asked, this.asked += streamChunk).arrayBuffer();
    slice.catch(() => {});
    this.slices.push(slice);
  }

  // take gives up to length bytes of what was read; null when nothing is left.
  take(length) {
    if (!this.left.length) return null;
    const bytes = this.left.subarray(0, length);
    this.left = this.left.subarray(bytes.length);
    this.at += bytes.length;
    return bytes;
  }

  // next waits for the bytes that are on their way; none at the end.
  async next(length) {
    if (this.slices) return this.#nextSlice(length);
    const { value, done } = await this.coming;
    if (done) return new Uint8Array(0);
    this.crumbs = value.length <= crumb ? this.crumbs + 1 : -Infinity;
    if (this.crumbs < crumbsSeen) {
      this.#ask(this.spare);
      if (this.byob) this.spare = value.buffer;
    } else {
      this.cancel();
      this.slices = [];
      this.asked = this.at - this.start + value.length;
      for (let i = 0; i < slicesAhead; i++) this.#askSlice();
    }
    this.left = value;
    return this.take(length);
  }

  async #nextSlice(length) {
    this.left.buffer.transfer?.(0); // its memory is given back now
    this.left = new Uint8Array(this.slices.length ? await this.slices.shift() : 0);
    this.#askSlice();
    return this.take(length) || this.left;
  }

  cancel() {
    this.reader.cancel().catch(() => {});
  }
}
