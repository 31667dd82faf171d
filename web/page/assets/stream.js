// An input read from a place to its end, one read ahead of who asks: while the
// program works, the browser brings what comes next. The buffers go round, so
// that a journal of any size leaves no rubbish behind.
"use strict";

class InputStream {
  constructor(blob, at) {
    this.at = at; // of the next byte that is given
    this.left = new Uint8Array(0); // read, and not given yet
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
    const { value, done } = await this.coming;
    if (done) return new Uint8Array(0);
    this.#ask(this.spare);
    if (this.byob) this.spare = value.buffer;
    this.left = value;
    return this.take(length);
  }

  cancel() {
    this.reader.cancel().catch(() => {});
  }
}
