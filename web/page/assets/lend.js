// What Go reads and writes passes through arrays of bytes: it makes one for each
// call, as long as all that it asks for, copies all of it, and lets go of it when
// its own collector comes by, which sees nothing of what it weighs. So a tab would
// hold each journal that it read. Here the arrays go round, and what is copied out
// of one is what was read into it, or what is held elsewhere.
"use strict";

const lentMost = 1 << 20; // bytes of an array; who asks for more gets them in turn
const lentLeast = 4 << 10;

class Lent extends Uint8Array {
  constructor(size, free) {
    super(size);
    this.bytes = new Uint8Array(this.buffer);
    this.free = free;
    this.read = this.bytes; // what was read, here or where it is held
  }

  // subarray is asked once by the script of Go, to copy what was read.
  subarray() {
    this.free.push(this);
    return this.read;
  }
}

class Lender {
  constructor() {
    this.free = new Map(); // arrays that nobody has, by size
  }

  array(length) {
    let size = lentLeast;
    while (size < length && size < lentMost) size *= 2;
    if (!this.free.has(size)) this.free.set(size, []);
    const free = this.free.get(size);
    return free.pop() || new Lent(size, free);
  }

  // type is what Go takes for Uint8Array while it starts.
  type() {
    return new Proxy(Uint8Array, { construct: (type, args) => (typeof args[0] === "number" ? this.array(args[0]) : Reflect.construct(type, args)) });
  }

  // over is a file layer whose callers bring such arrays.
  over(layer) {
    const back = (lent) => lent.free.push(lent);
    return {
      ...layer,
      read: (fd, lent, offset, length, position, callback) => {
        const most = Math.min(length, lent.length);
        const heard = (err, bytes) => {
          if (err) back(lent);
          else lent.read = bytes;
          callback(err, bytes?.length);
        };
        if (layer.lend(fd, most, position, heard)) return;
        layer.read(fd, lent.bytes, offset, most, position, (err, n) => heard(err, err ? null : lent.bytes.subarray(0, n)));
      },
      write: (fd, lent, offset, length, position, callback) => {
        layer.write(fd, lent.bytes, offset, Math.min(length, lent.length), position, callback);
        back(lent);
      },
    };
  }
}
