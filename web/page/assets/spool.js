// Room on the disk of the browser (the private file system of an origin), for
// what does not fit into memory. A page opened from the disk has none, in any
// browser: where it would get it, other such pages could read it.
//
// Each worker has a file of its own, held by a lock of the same name that ends
// with the worker: a file whose lock is free is nobody's, and is removed.
"use strict";

const spoolFolder = "xhl-spool";
const inMemory = 192 << 20; // bytes that are held in memory before the disk is used
const diskShare = 0.8; // of what the browser says is free
const diskMost = 16 * 2 ** 30;

// DiskChunk is a piece of a file that is held in a slot of the spool.
class DiskChunk {
  constructor(spool, slot) {
    this.spool = spool;
    this.start = slot * fileChunk;
    this.slot = slot;
  }
  read(at, into) {
    if (this.spool.handle.read(into, { at: this.start + at }) !== into.length) throw new Error("spool");
  }
  write(at, from) {
    if (this.spool.handle.write(from, { at: this.start + at }) !== from.length) throw new Error("spool");
  }
  content(length) {
    const bytes = new Uint8Array(length);
    this.read(0, bytes);
    return bytes;
  }
  free() {
    this.spool.slots.push(this.slot);
  }
}

// Spool gives chunks: the first ones in memory, further ones on the disk.
class Spool {
  constructor(handle, bound) {
    this.handle = handle;
    this.bound = bound; // bytes
    this.slots = []; // that are free again
    this.next = 0;
    this.memory = 0; // chunks that are in memory
  }

  take() {
    if (this.memory < inMemory / fileChunk) {
      this.memory++;
      const chunk = new MemoryChunk();
      chunk.free = () => { this.memory--; };
      return chunk;
    }
    const used = this.slots.at(-1);
    const chunk = new DiskChunk(this, used ?? this.next);
    chunk.write(0, zeros); // what an earlier file left in the slot is gone
    if (used === undefined) this.next++;
    else this.slots.pop();
    return chunk;
  }
}

const zeros = new Uint8Array(fileChunk);

// openSpool is the Spool of this worker; null where the browser lends no room.
async function openSpool() {
  if (globalThis.origin === "null" || !navigator.storage?.getDirectory || !navigator.locks) return null;
  try {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle(spoolFolder, { create: true });
    await sweep(folder);
    const name = crypto.randomUUID();
    await hold(name);
    const handle = await (await folder.getFileHandle(name, { create: true })).createSyncAccessHandle();
    const { quota = 0, usage = 0 } = await navigator.storage.estimate();
    return new Spool(handle, inMemory + Math.min(diskMost, Math.floor((quota - usage) * diskShare)));
  } catch {
    return null; // a private window, or a disk that is full
  }
}

// hold takes a lock for as long as the worker lives.
const hold = (name) => new Promise((held) => {
  navigator.locks.request(name, () => {
    held();
    return new Promise(() => {});
  });
});

// sweep removes the files that no worker holds.
async function sweep(folder) {
  for await (const name of folder.keys()) {
    await navigator.locks.request(name, { ifAvailable: true }, async (lock) => {
      if (lock) await folder.removeEntry(name).catch(() => {}); // it is still being let go of
    });
  }
}
