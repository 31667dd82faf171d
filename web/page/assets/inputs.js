// What is kept of the inputs, which are Blobs: the windows of them that were read
// last. Small inputs are brought before they are asked for, on threads of the
// browser's own, so that the program waits for none of a thousand of them.
"use strict";

const readWindow = 4 << 20; // of an input, in one read
const readKept = 32 << 20; // bytes of windows that are kept
const broughtAtOnce = 16; // inputs

class Inputs {
  // read gives the bytes of a Blob at once.
  constructor(read) {
    this.read = read;
    this.windows = new Map(); // by file and place, the one that was used last at the end
    this.bytes = 0; // of all windows
    this.small = []; // inputs of one window that may be brought
    this.coming = 0; // of them
    this.comingBytes = 0;
  }

  add(node) {
    if (node.size <= readWindow) this.small.push(node);
  }

  forget(node) {
    for (let start = 0; start < node.size; start += readWindow) {
      const key = node.ino + "/" + start;
      this.bytes -= this.windows.get(key)?.bytes.length || 0;
      this.windows.delete(key);
    }
  }

  // window is the part of an input around a position, read if it is not kept; it
  // throws where it cannot be read. An input of one window is read as it is: to
  // make a slice takes a browser as long as to read it.
  window(node, at) {
    const start = at - (at % readWindow);
    const kept = this.windows.get(node.ino + "/" + start);
    return this.#keep(node, start, kept ? kept.bytes : this.read(node.size <= readWindow ? node.blob : node.blob.slice(start, start + readWindow)));
  }

  // keep makes a window the one that was used last, and lets go of the oldest.
  #keep(node, start, bytes) {
    const key = node.ino + "/" + start, w = { start, bytes };
    if (this.windows.delete(key)) this.bytes -= bytes.length;
    this.windows.set(key, w);
    this.bytes += bytes.length;
    for (const [oldest, { bytes }] of this.windows) {
      if (this.bytes <= readKept) break;
      this.windows.delete(oldest);
      this.bytes -= bytes.length;
    }
    return w;
  }

  // bring reads small inputs ahead, as many as are kept.
  bring() {
    while (this.small.length && this.coming < broughtAtOnce) {
      const node = this.small.shift();
      if (this.bytes + this.comingBytes + node.size > readKept) this.small = [];
      else if (node.links > 0) this.#bringOne(node);
    }
  }

  async #bringOne(node) {
    this.coming++;
    this.comingBytes += node.size;
    const buffer = await node.blob.arrayBuffer().catch(() => null); // who reads it hears of it
    this.coming--;
    this.comingBytes -= node.size;
    if (buffer && node.links > 0) this.#keep(node, 0, new Uint8Array(buffer));
    this.bring();
  }
}
