// The tests of the file layer, run by Node: node files_test.js LAYER_JS MADE_ZIP.
"use strict";

const assert = require("node:assert");
const { createHash } = require("node:crypto");
const { Files, Lender, Spool, Streams, readStreams, storedZip, sha256Over } = require(process.argv[2]);

class FakeBlob {
  constructor(bytes, name) {
    Object.assign(this, { bytes, name, size: bytes.length, lastModified: 1000.7 });
  }
  slice(from, to) {
    return new FakeBlob(this.bytes.subarray(from, to), this.name);
  }
}
let reads = 0;
const read = (blob) => {
  reads++;
  if (blob.name === "gone") throw new Error("NotReadableError");
  return blob.bytes;
};
const MB = 1 << 20;
const flags = { w: 1 | 0o100 | 0o1000, rw: 2 | 0o100, excl: 1 | 0o100 | 0o200, append: 1 | 0o2000 };

// run calls as Go does, and gives the value or the code of the error.
function run(files, name, ...args) {
  let answer;
  files.layer()[name](...args, (err, value) => { answer = err ? err.code : value; });
  return answer;
}
const write = (files, path, bytes, how = flags.w) => {
  const fd = run(files, "open", path, how, 0o600);
  if (typeof fd === "string") return fd;
  const n = run(files, "write", fd, bytes, 0, bytes.length, null);
  run(files, "close", fd);
  return n;
};
const content = (files, path) => {
  const fd = run(files, "open", path, 0, 0);
  if (typeof fd === "string") return fd;
  const size = run(files, "fstat", fd).size;
  const b = new Uint8Array(size);
  let at = 0;
  while (at < size) {
    const n = run(files, "read", fd, b, at, Math.min(300000, size - at), null);
    if (typeof n === "string") return n;
    at += n;
  }
  run(files, "close", fd);
  return b;
};
// later calls as Go does, and waits for the answer.
const later = (files, name, ...args) => new Promise((done) => files.layer()[name](...args, (err, value) => done(err ? err.code : value)));
// streaming has large inputs read as by another worker, whose messages arrive
// later and leave nothing behind of what they take along; heard hears each buffer.
function streaming(files, heard = () => {}) {
  const post = (to, heard) => (message, moved = []) => {
    const data = { ...message };
    for (const key of ["buffer", "bytes"]) if (data[key]) data[key] = structuredClone(data[key], { transfer: moved });
    setImmediate(() => {
      heard(data);
      to.onmessage({ data });
    });
  };
  const here = {}, there = {};
  Object.assign(here, { postMessage: post(there, () => {}) });
  Object.assign(there, { postMessage: post(here, heard) });
  readStreams(there);
  files.streams = new Streams(() => here);
  return files;
}
// gone is an input of which nothing can be read any more.
class Gone extends Blob {
  stream() {
    return new ReadableStream({ type: "bytes", pull: () => Promise.reject(new Error("NotReadableError")) });
  }
  slice() {
    return this;
  }
}
// Disk is a file of the browser, in memory, with room for so many bytes.
class Disk {
  constructor(room) {
    this.bytes = new Uint8Array(room);
  }
  read(into, { at }) {
    into.set(this.bytes.subarray(at, at + into.length));
    return into.length;
  }
  write(from, { at }) {
    if (at + from.length > this.bytes.length) throw new Error("QuotaExceededError");
    this.bytes.set(from, at);
    return from.length;
  }
}
// same holds bytes against each other, large ones too.
const same = (got, want) => assert.ok(Buffer.compare(got, want) === 0, "other bytes");
const pattern = (n) => Uint8Array.from({ length: n }, (_, i) => (i * 7 + (i >> 9)) & 0xff);

const cases = {
  "what is written is read again, over chunks": () => {
    const f = new Files(16 * MB, read);
    const b = pattern(3 * MB + 5);
    assert.strictEqual(write(f, "/out/a", b), b.length);
    same(content(f, "/out/a"), b);
    assert.strictEqual(f.held, 4 * MB);
  },
  "positions are honoured, and a hole is zeros": () => {
    const f = new Files(16 * MB, read);
    const fd = run(f, "open", "/out/a", flags.rw, 0o600);
    run(f, "write", fd, new Uint8Array([9]), 0, 1, 2 * MB);
    const b = new Uint8Array(2);
    assert.strictEqual(run(f, "read", fd, b, 0, 2, 2 * MB - 1), 2);
    assert.deepStrictEqual([...b], [0, 9]);
    assert.strictEqual(run(f, "read", fd, b, 0, 2, 5 * MB), 0);
  },
  "a file made shorter and longer again has zeros": () => {
    const f = new Files(16 * MB, read);
    write(f, "/out/a", pattern(100));
    run(f, "truncate", "/out/a", 10);
    run(f, "truncate", "/out/a", 20);
    assert.deepStrictEqual([...content(f, "/out/a").subarray(10)], new Array(10).fill(0));
  },
  "beyond the bound there is no room, and room comes back": () => {
    const f = new Files(2 * MB, read);
    assert.strictEqual(write(f, "/out/a", pattern(2 * MB)), 2 * MB);
    assert.strictEqual(write(f, "/out/b", pattern(1)), "ENOSPC");
    assert.strictEqual(f.full, true);
    run(f, "unlink", "/out/a");
    assert.strictEqual(f.held, 0);
    assert.strictEqual(write(f, "/out/b", pattern(1)), 1);
  },
  "an open file outlives its name": () => {
    const f = new Files(4 * MB, read);
    write(f, "/out/a", pattern(10));
    const fd = run(f, "open", "/out/a", 2, 0);
    run(f, "unlink", "/out/a");
    assert.strictEqual(run(f, "stat", "/out/a"), "ENOENT");
    const b = new Uint8Array(10);
    assert.strictEqual(run(f, "read", fd, b, 0, 10, 0), 10);
    assert.deepStrictEqual(b, pattern(10));
    run(f, "close", fd);
    assert.strictEqual(f.held, 0);
  },
  "inputs are read by windows, each once": () => {
    const f = new Files(MB, read);
    const b = pattern(9 * MB);
    f.mount("/in/dir/j", new FakeBlob(b, "j"));
    reads = 0;
    same(content(f, "/in/dir/j"), b);
    assert.strictEqual(reads, 3);
    assert.strictEqual(f.held, 0);
    assert.strictEqual(run(f, "open", "/in/dir/j", 1, 0), "EACCES");
    assert.strictEqual(run(f, "stat", "dir/j").mtimeMs, 1000);
  },
  "small inputs are brought before they are asked for, as many as are kept": async () => {
    const f = new Files(MB, read);
    const bytes = Array.from({ length: 40 }, (_, i) => pattern(MB - i));
    for (const [i, b] of bytes.entries()) f.mount("/in/" + i, new Blob([b]));
    f.mount("/in/gone", Object.assign(new Gone([pattern(1)]), { name: "gone", arrayBuffer: () => Promise.reject(new Error("NotReadableError")) }));
    f.inputs.bring();
    while (f.inputs.coming > 0) await new Promise(setImmediate);
    reads = 0;
    f.empty("/out");
    for (const [i, b] of bytes.entries()) {
      if (i < 32) same(content(f, "/in/" + i), b);
    }
    assert.strictEqual(reads, 0);
    assert.strictEqual(content(f, "/in/gone"), "EIO");
    // What was chosen anew is not what comes late.
    f.mount("/in/late", new Blob([pattern(3)]));
    f.inputs.bring();
    f.empty("/in");
    await new Promise(setImmediate);
    assert.strictEqual(f.inputs.bytes, 0);
  },
  "a large input comes from a stream, whatever is asked": async () => {
    const f = streaming(new Files(MB, () => { throw new Error("no window"); }));
    const b = pattern(9 * MB + 7);
    f.mount("/in/j", new Blob([b]));
    const fd = run(f, "open", "/in/j", 0, 0);
    const got = new Uint8Array(b.length + 10);
    for (let at = 0, i = 0; ; i++) {
      const n = await later(f, "read", fd, got, at, Math.min([100, 3 * MB, 70000, 1][i % 4], got.length - at), i % 3 ? null : at);
      if (n === 0) break;
      assert.ok(n > 0, String(n));
      at += n;
      if (i % 3 === 0) f.handle(fd).at = at; // Go keeps to one of the two ways
    }
    same(got.subarray(0, b.length), b);
    // From the start again, as who looked at the head does.
    assert.strictEqual(await later(f, "read", fd, got, 0, 5, 0), 5);
    assert.deepStrictEqual(got.subarray(0, 5), b.subarray(0, 5));
    run(f, "close", fd);
  },
  "a large input is read whole where a browser brings crumbs, or buffers of its own": async () => {
    const b = pattern(9 * MB + 7);
    for (const type of ["bytes", undefined]) {
      let elsewhere = 0;
      const f = streaming(new Files(MB, () => { throw new Error("no window"); }), () => { elsewhere++; });
      class Crumbly extends Blob {
        stream() {
          let at = b.length - this.size;
          const pull = (c) => {
            const end = Math.min(b.length, at + 40000);
            c.enqueue(b.slice(at, end));
            if ((at = end) === b.length) c.close();
          };
          return new ReadableStream({ type, pull });
        }
        slice(from) {
          return from === 0 && arguments.length === 1 ? this : new Crumbly([super.slice(...arguments)]);
        }
      }
      f.mount("/in/j", new Crumbly([b]));
      const fd = run(f, "open", "/in/j", 0, 0);
      const got = new Uint8Array(b.length + 10);
      for (let at = 0, n = 1; n > 0; at += n) {
        n = await later(f, "read", fd, got, at, Math.min(3 * MB, got.length - at), null);
      }
      same(got.subarray(0, b.length), b);
      assert.ok(elsewhere > 6, String(elsewhere));
      for (let i = 0; i < 100; i++) await new Promise(setImmediate);
      const ahead = elsewhere;
      run(f, "close", fd);
      for (let i = 0; i < 100; i++) await new Promise(setImmediate);
      assert.ok(elsewhere < ahead + 5);
    }
  },
  "a place of a large input is read by a window": async () => {
    const f = streaming(new Files(MB, read));
    f.mount("/in/j", new FakeBlob(pattern(9 * MB), "j"));
    const fd = run(f, "open", "/in/j", 0, 0);
    const b = new Uint8Array(3);
    assert.strictEqual(await later(f, "read", fd, b, 0, 3, 5 * MB), 3);
    assert.deepStrictEqual(b, pattern(9 * MB).subarray(5 * MB, 5 * MB + 3));
  },
  "a large input that cannot be read any more is named": async () => {
    const f = streaming(new Files(MB, read));
    f.mount("/in/j", Object.assign(new Gone([pattern(5 * MB)]), { name: "gone" }));
    const fd = run(f, "open", "/in/j", 0, 0);
    assert.strictEqual(await later(f, "read", fd, new Uint8Array(9), 0, 9, null), "EIO");
    assert.strictEqual(f.changed, "gone");
  },
  "what memory does not hold goes to the disk, and comes back": async () => {
    const s = new Spool(new Disk(3 * MB), 1000 * MB);
    s.memory = 191; // of the 192 chunks that memory has
    const f = new Files(s.bound, read, () => s.take());
    const b = pattern(3 * MB + 5);
    assert.strictEqual(write(f, "/out/a", b), b.length);
    assert.strictEqual(s.next, 3);
    same(content(f, "/out/a"), b);
    same(new Uint8Array(await f.blobOf(f.find("/out/a")).arrayBuffer()), b);
    assert.strictEqual(write(f, "/out/b", pattern(1)), "ENOSPC");
    assert.strictEqual(f.full, true);
    run(f, "unlink", "/out/b");
    run(f, "unlink", "/out/a");
    assert.strictEqual(f.held, 0);
    // The slots are used again, and hold nothing of before.
    s.memory = 192;
    const fd = run(f, "open", "/out/c", flags.rw, 0o600);
    run(f, "write", fd, new Uint8Array([1]), 0, 1, 2 * MB);
    same(content(f, "/out/c").subarray(0, 2 * MB), new Uint8Array(2 * MB));
    assert.strictEqual(s.next, 3);
  },
  "an input that cannot be read any more is named": () => {
    const f = new Files(MB, read);
    f.mount("/in/j", new FakeBlob(pattern(10), "gone"));
    assert.strictEqual(content(f, "/in/j"), "EIO");
    assert.strictEqual(f.changed, "gone");
  },
  "renames replace, folders keep what they hold": () => {
    const f = new Files(4 * MB, read);
    run(f, "mkdir", "/out/d", 0o700);
    write(f, "/out/d/a", pattern(3));
    write(f, "/out/b", pattern(5));
    assert.strictEqual(run(f, "rename", "/out/b", "/out/d/a"), undefined);
    assert.strictEqual(content(f, "/out/d/a").length, 5);
    assert.strictEqual(f.held, MB);
    assert.strictEqual(run(f, "rename", "/out/d", "/out/e"), undefined);
    assert.deepStrictEqual(run(f, "readdir", "/out/e"), ["a"]);
    assert.strictEqual(run(f, "rename", "/out/e", "/out/e/x"), "EINVAL");
    assert.strictEqual(run(f, "rmdir", "/out/e"), "ENOTEMPTY");
    assert.strictEqual(run(f, "unlink", "/out/e"), "EISDIR");
    assert.strictEqual(run(f, "rename", "/out/none", "/out/x"), "ENOENT");
  },
  "errors have the names that Go knows": () => {
    const f = new Files(MB, read);
    write(f, "/out/a", pattern(1));
    assert.strictEqual(run(f, "open", "/out/a", flags.excl, 0), "EEXIST");
    assert.strictEqual(run(f, "open", "/out/none", 0, 0), "ENOENT");
    assert.strictEqual(run(f, "open", "/out/a/b", 0, 0), "ENOTDIR");
    assert.strictEqual(run(f, "open", "/out/a", 0o200000, 0), "ENOTDIR");
    assert.strictEqual(run(f, "open", "/out", 1, 0), "EISDIR");
    assert.strictEqual(run(f, "mkdir", "/out/a", 0), "EEXIST");
    assert.strictEqual(run(f, "close", 99), "EBADF");
    assert.strictEqual(run(f, "readlink", "/out/a"), "EINVAL");
    assert.strictEqual(run(f, "rename", "/", "/out/x"), "EINVAL");
  },
  "paths are below the root, from the working folder": () => {
    const f = new Files(MB, read);
    write(f, "/in/a", pattern(2));
    assert.strictEqual(run(f, "stat", "../../../in/./a").size, 2);
    f.process().chdir("/out");
    assert.strictEqual(run(f, "stat", "a"), "ENOENT");
    assert.strictEqual(f.path().resolve("b"), "/out/b");
    assert.throws(() => f.process().chdir("/none"));
  },
  "two names hold one file": () => {
    const f = new Files(MB, read);
    write(f, "/out/a", pattern(2));
    run(f, "link", "/out/a", "/out/b");
    run(f, "unlink", "/out/a");
    assert.strictEqual(content(f, "/out/b").length, 2);
    assert.strictEqual(f.held, MB);
  },
  "emptying a folder gives its room back": () => {
    const f = new Files(8 * MB, read);
    run(f, "mkdir", "/out/v", 0o700);
    write(f, "/out/v/a", pattern(2 * MB));
    f.empty("/out");
    assert.strictEqual(f.held, 0);
    assert.deepStrictEqual(run(f, "readdir", "/out"), []);
  },
  "what Go reads passes through few arrays, and no more of them is copied than was read": () => {
    const f = new Files(8 * MB, read);
    const lender = new Lender();
    const Bytes = lender.type();
    const layer = lender.over(f.layer());
    const given = pattern(2 * MB + 5);
    write(f, "/out/a", given);
    const fd = run(f, "open", "/out/a", 0, 0);
    const got = new Uint8Array(4 * MB);
    const arrays = new Set();
    for (let at = 0; ;) { // as os.File.Read and the script of Go do it
      const lent = new Bytes(3 * MB);
      arrays.add(lent);
      let n;
      layer.read(fd, lent, 0, 3 * MB, null, (err, value) => { n = value; });
      const toCopy = lent.subarray(0, 3 * MB);
      got.set(toCopy, at);
      assert.strictEqual(toCopy.length, n);
      if (n === 0) break;
      at += n;
    }
    same(got.subarray(0, given.length), given);
    assert.strictEqual(arrays.size, 1);
    assert.ok(new Bytes(new ArrayBuffer(3), 1, 2) instanceof Bytes);
    assert.strictEqual(new Bytes(new ArrayBuffer(3), 1, 2).length, 2);
  },
  "what Go writes passes through few arrays, a part at a time": () => {
    const f = new Files(8 * MB, read);
    const lender = new Lender();
    const Bytes = lender.type();
    const layer = lender.over(f.layer());
    const given = pattern(2 * MB + 5);
    const fd = run(f, "open", "/out/a", flags.w, 0o600);
    const arrays = new Set();
    for (let at = 0; at < given.length;) {
      const lent = new Bytes(given.length - at);
      arrays.add(lent.buffer.byteLength);
      lent.set(given.subarray(at).subarray(0, lent.length));
      layer.write(fd, lent, 0, given.length - at, null, (err, n) => { at += n; });
    }
    same(content(f, "/out/a"), given);
    assert.deepStrictEqual([...arrays], [MB, 4096]);
    const other = new Bytes(5);
    assert.ok(lender.free.get(4096).length === 0 && other.buffer.byteLength === 4096);
    let fault;
    layer.read(99, other, 0, 5, null, (err) => { fault = err.code; });
    assert.strictEqual(fault, "EBADF");
    assert.strictEqual(new Bytes(5), other); // a read that fails gives its array back
  },
  "the rounds of SHA-256 are those of everybody, wherever a block begins": () => {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const rounds = sha256Over(memory);
    const bytes = new Uint8Array(memory.buffer), words = new DataView(memory.buffer);
    for (const [length, at] of [[0, 64], [55, 65], [119, 66], [5000, 67]]) {
      const message = pattern(length);
      const padded = Math.ceil((length + 9) / 64) * 64;
      bytes.fill(0).set(message, at);
      bytes[at + length] = 0x80;
      words.setUint32(at + padded - 4, 8 * length);
      [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19].forEach((word, i) => words.setUint32(4 * i, word, true));
      rounds(0, at, at + padded);
      const got = Array.from({ length: 8 }, (_, i) => words.getUint32(4 * i, true).toString(16).padStart(8, "0")).join("");
      assert.strictEqual(got, createHash("sha256").update(message).digest("hex"));
    }
  },
  "appending goes to the end": () => {
    const f = new Files(MB, read);
    write(f, "/out/a", pattern(2));
    write(f, "/out/a", pattern(1), flags.append);
    assert.strictEqual(content(f, "/out/a").length, 3);
  },
};

(async () => {
  for (const [name, test] of Object.entries(cases)) {
    try {
      await test();
    } catch (e) {
      console.log(name + ": " + e.message);
      process.exitCode = 1;
    }
  }
  // A zip whose parts are the content: the Go side opens it.
  const zip = storedZip([["é.txt", new Blob([pattern(5)])], ["b.bin", new Blob([pattern(70000)])]], (b) => syncBytes.get(b.size));
  require("node:fs").writeFileSync(process.argv[3], Buffer.from(await zip.arrayBuffer()));
})();

// Node reads no Blob at once: the two that are asked for are known by size.
const syncBytes = new Map([[5, pattern(5)], [70000, pattern(70000)]]);
