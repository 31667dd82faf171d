// The file layer: what Go's package os asks of globalThis.fs when it runs in a
// browser. Inputs are Blobs, of which large ones are never copied whole; all the
// rest is in chunks of memory, or of a file of the browser where it lends one,
// with a bound. Calls answer before they return, but for reads of a large input
// from its start to its end, which a stream brings.
//
// An error that is no errno name ends the Go program: everything that fails
// here is turned into one.
"use strict";

const fileChunk = 1 << 20; // of what is held
const streamChunk = 1 << 20; // of a stream, in one read

const O = { WRONLY: 1, RDWR: 2, CREAT: 0o100, EXCL: 0o200, TRUNC: 0o1000, APPEND: 0o2000, DIRECTORY: 0o200000 };
const directoryBits = 0o40000, regularBits = 0o100000;

class FileFault extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

// MemoryChunk is a piece of a file that is held in memory.
class MemoryChunk {
  constructor() {
    this.bytes = new Uint8Array(fileChunk);
  }
  read(at, into) {
    into.set(this.bytes.subarray(at, at + into.length));
  }
  write(at, from) {
    this.bytes.set(from, at);
  }
  // content is the first bytes of the chunk, as a part of a Blob.
  content(length) {
    return this.bytes.subarray(0, length);
  }
  free() {}
}

class Files {
  // bound is how many bytes are held; read gives the bytes of a Blob at once;
  // take gives an empty chunk.
  constructor(bound, read, take = () => new MemoryChunk()) {
    this.bound = bound;
    this.inputs = new Inputs(read);
    this.take = take;
    this.streams = null; // that large inputs are read by
    this.held = 0;
    this.full = false; // something was refused for want of room
    this.changed = ""; // an input that can no longer be read as it was chosen
    this.streamed = new Set(); // inputs of which streams were read
    this.said = ""; // what the program wrote to its standard output and error
    this.cwd = "/in";
    this.inodes = 0;
    this.open = new Map();
    this.nextFD = 10;
    this.root = this.#node({ entries: new Map() });
    for (const name of ["in", "tmp", "out"]) this.root.entries.set(name, this.#node({ entries: new Map() }));
  }

  #node(what) {
    return { ino: ++this.inodes, links: 1, opens: 0, time: Date.now(), mode: what.entries ? 0o700 : 0o600, ...what };
  }

  parts(path) {
    const list = [];
    for (const part of (path.startsWith("/") ? path : this.cwd + "/" + path).split("/")) {
      if (part === "..") list.pop();
      else if (part !== "" && part !== ".") list.push(part);
    }
    return list;
  }

  find(path) {
    let node = this.root;
    for (const part of this.parts(path)) {
      if (!node.entries) throw new FileFault("ENOTDIR");
      node = node.entries.get(part);
      if (!node) throw new FileFault("ENOENT");
    }
    return node;
  }

  has(path) {
    try {
      return Boolean(this.find(path));
    } catch {
      return false;
    }
  }

  // parent is the folder of a path and the last name of it.
  parent(path) {
    const list = this.parts(path);
    const name = list.pop();
    if (name === undefined) throw new FileFault("EINVAL");
    const node = this.find("/" + list.join("/"));
    if (!node.entries) throw new FileFault("ENOTDIR");
    return [node.entries, name];
  }

  // mount puts a Blob under a path, and makes its folders.
  mount(path, blob) {
    const list = this.parts(path);
    const name = list.pop();
    let node = this.root;
    for (const part of list) {
      if (!node.entries) throw new FileFault("ENOTDIR");
      if (!node.entries.has(part)) node.entries.set(part, this.#node({ entries: new Map() }));
      node = node.entries.get(part);
    }
    const input = this.#node({ blob, size: blob.size, time: Math.floor(blob.lastModified || 0) });
    node.entries.set(name, input);
    this.inputs.add(input);
  }

  // empty forgets what is below a folder.
  empty(path) {
    const drop = (node) => {
      for (const child of node.entries.values()) {
        if (child.entries) drop(child);
        child.links = 0;
        this.#release(child);
        if (child.blob) this.inputs.forget(child);
      }
      node.entries.clear();
    };
    drop(this.find(path));
  }

  // list names the files below a folder, with their nodes.
  list(path) {
    const found = [];
    const walk = (node, prefix) => {
      for (const [name, child] of node.entries) {
        if (child.entries) walk(child, prefix + name + "/");
        else found.push([prefix + name, child]);
      }
    };
    walk(this.find(path), "");
    return found;
  }

  // blobOf is the content of a file as a Blob.
  blobOf(node) {
    if (node.blob) return node.blob;
    const pieces = [];
    for (let at = 0; at < node.size; at += fileChunk) pieces.push(node.chunks[at / fileChunk].content(Math.min(fileChunk, node.size - at)));
    return new Blob(pieces);
  }

  #release(node) {
    if (node.links > 0 || node.opens > 0 || !node.chunks) return;
    this.#cut(node, 0);
    node.size = 0;
  }

  // cut keeps the first chunks of a file.
  #cut(node, chunks) {
    for (const chunk of node.chunks.splice(chunks)) {
      chunk.free();
      this.held -= fileChunk;
    }
  }

  #resize(node, size) {
    const chunks = Math.ceil(size / fileChunk);
    if (chunks > node.chunks.length && this.held + (chunks - node.chunks.length) * fileChunk > this.bound) {
      this.full = true;
      throw new FileFault("ENOSPC");
    }
    if (size < node.size && size % fileChunk) node.chunks[Math.floor(size / fileChunk)].write(size % fileChunk, new Uint8Array(fileChunk - (size % fileChunk)));
    while (node.chunks.length < chunks) {
      try {
        node.chunks.push(this.take());
      } catch (e) {
        this.full = true;
        throw Object.assign(new FileFault("ENOSPC"), { cause: e });
      }
      this.held += fileChunk;
    }
    this.#cut(node, chunks);
    node.size = size;
  }

  stat(node) {
    const size = node.entries ? 0 : node.size;
    return {
      dev: 1, ino: node.ino, mode: (node.entries ? directoryBits : regularBits) | node.mode, nlink: node.links, uid: 0, gid: 0, rdev: 0,
      size, blksize: 4096, blocks: Math.ceil(size / 512), atimeMs: node.time, mtimeMs: node.time, ctimeMs: node.time,
      isDirectory: () => node.entries !== undefined,
    };
  }

  openFile(path, flags, mode) {
    const [entries, name] = this.parts(path).length ? this.parent(path) : [null, ""];
    let node = entries ? entries.get(name) : this.root;
    if (!node) {
      if (!(flags & O.CREAT)) throw new FileFault("ENOENT");
      node = this.#node({ chunks: [], size: 0, mode: mode & 0o777 });
      entries.set(name, node);
    } else if (flags & O.CREAT && flags & O.EXCL) {
      throw new FileFault("EEXIST");
    }
    const writes = flags & (O.WRONLY | O.RDWR);
    if (node.entries && writes) throw new FileFault("EISDIR");
    if (!node.entries && flags & O.DIRECTORY) throw new FileFault("ENOTDIR");
    if (node.blob && writes) throw new FileFault("EACCES");
    if (writes && flags & O.TRUNC) this.#resize(node, 0);
    node.opens++;
    this.open.set(this.nextFD, { node, at: 0, writes, append: flags & O.APPEND });
    return this.nextFD++;
  }

  handle(fd) {
    const f = this.open.get(fd);
    if (!f) throw new FileFault("EBADF");
    return f;
  }

  close(fd) {
    const f = this.handle(fd);
    this.open.delete(fd);
    f.stream?.cancel();
    f.node.opens--;
    this.#release(f.node);
  }

  // window is the part of an input around a position.
  #window(node, at) {
    try {
      return this.inputs.window(node, at);
    } catch {
      throw this.#unread(node);
    }
  }

  // unread is the fault of an input that can no longer be read.
  #unread(node) {
    this.changed = node.blob.name || "?";
    return new FileFault("EIO");
  }

  // settle looks once more at the inputs that came as streams: a browser compares a
  // file with the one that was chosen when it opens it, and what is on its way by
  // then may come from what somebody writes into it.
  async settle() {
    const list = [...this.streamed];
    this.streamed.clear();
    await Promise.all(list.map((node) => node.blob.slice(0, 1).arrayBuffer().catch(() => this.#unread(node))));
  }

  // lend gives bytes of a large input where the last read ended, from a stream that
  // is ahead, as it holds them until the next read: answer hears a fault or some of
  // those that were asked for. It returns false for what is read otherwise.
  lend(fd, length, position, answer) {
    const f = this.open.get(fd);
    if (!this.streams || !f?.node.blob || f.node.size <= readWindow || length === 0) return false;
    const from = position ?? f.at;
    if (from >= f.node.size || (from !== 0 && from !== f.stream?.at)) return false;
    if (from !== f.stream?.at) {
      f.stream?.cancel();
      f.stream = this.streams.open(f.node.blob.slice(from), from);
      this.streamed.add(f.node);
    }
    const most = Math.min(length, f.node.size - from);
    const give = (bytes) => {
      if (!bytes.length) return answer(this.#unread(f.node));
      if (position === null) f.at += bytes.length;
      answer(null, bytes);
    };
    const bytes = f.stream.take(most);
    if (bytes) give(bytes);
    else f.stream.next(most).then(give);
    return true;
  }

  read(fd, buffer, offset, length, position) {
    const f = this.handle(fd);
    if (f.node.entries) throw new FileFault("EISDIR");
    const from = position === null ? f.at : position;
    let done = 0;
    while (done < length && from + done < f.node.size) {
      const at = from + done;
      if (f.node.blob) {
        const w = this.#window(f.node, at);
        const bytes = w.bytes.subarray(at - w.start, at - w.start + length - done);
        if (!bytes.length) throw this.#unread(f.node);
        buffer.set(bytes, offset + done);
        done += bytes.length;
      } else {
        const n = Math.min(fileChunk - (at % fileChunk), length - done, f.node.size - at);
        f.node.chunks[Math.floor(at / fileChunk)].read(at % fileChunk, buffer.subarray(offset + done, offset + done + n));
        done += n;
      }
    }
    if (position === null) f.at += done;
    return done;
  }

  write(fd, buffer, offset, length, position) {
    const f = this.handle(fd);
    if (!f.writes) throw new FileFault("EBADF");
    const from = f.append ? f.node.size : position === null ? f.at : position;
    if (from + length > f.node.size) this.#resize(f.node, from + length);
    for (let done = 0; done < length; ) {
      const at = from + done;
      const n = Math.min(fileChunk - (at % fileChunk), length - done);
      f.node.chunks[Math.floor(at / fileChunk)].write(at % fileChunk, buffer.subarray(offset + done, offset + done + n));
      done += n;
    }
    f.node.time = Date.now();
    if (position === null || f.append) f.at = from + length;
    return length;
  }

  truncate(node, size) {
    if (!node.chunks) throw new FileFault("EACCES");
    this.#resize(node, size);
  }

  mkdir(path, mode) {
    const [entries, name] = this.parent(path);
    if (entries.has(name)) throw new FileFault("EEXIST");
    entries.set(name, this.#node({ entries: new Map(), mode: mode & 0o777 }));
  }

  unlink(path) {
    const [entries, name] = this.parent(path);
    const node = entries.get(name);
    if (!node) throw new FileFault("ENOENT");
    if (node.entries) throw new FileFault("EISDIR");
    entries.delete(name);
    node.links--;
    this.#release(node);
  }

  rmdir(path) {
    const [entries, name] = this.parent(path);
    const node = entries.get(name);
    if (!node) throw new FileFault("ENOENT");
    if (!node.entries) throw new FileFault("ENOTDIR");
    if (node.entries.size) throw new FileFault("ENOTEMPTY");
    entries.delete(name);
  }

  link(from, to) {
    const node = this.find(from);
    const [entries, name] = this.parent(to);
    if (node.entries) throw new FileFault("EPERM");
    if (entries.has(name)) throw new FileFault("EEXIST");
    entries.set(name, node);
    node.links++;
  }

  rename(from, to) {
    const [fromEntries, fromName] = this.parent(from);
    const [toEntries, toName] = this.parent(to);
    const node = fromEntries.get(fromName);
    const over = toEntries.get(toName);
    if (!node) throw new FileFault("ENOENT");
    if (over === node) return;
    if (node.entries && this.parts(to).join("/").startsWith(this.parts(from).join("/") + "/")) throw new FileFault("EINVAL");
    if (over) {
      if (over.entries && !node.entries) throw new FileFault("EISDIR");
      if (!over.entries && node.entries) throw new FileFault("ENOTDIR");
      if (over.entries && over.entries.size) throw new FileFault("ENOTEMPTY");
      over.links--;
      this.#release(over);
    }
    fromEntries.delete(fromName);
    toEntries.set(toName, node);
  }

  // layer is the object that Go takes for the module fs of Node.
  layer() {
    const answer = (work) => (...args) => {
      const callback = args.pop();
      let value;
      try {
        value = work(...args);
      } catch (e) {
        callback(e instanceof FileFault ? e : Object.assign(new FileFault("EIO"), { cause: e }));
        return;
      }
      callback(null, value);
    };
    const read = answer((fd, buffer, offset, length, position) => (fd < 3 ? 0 : this.read(fd, buffer, offset, length, position)));
    const refuse = (code) => answer(() => { throw new FileFault(code); });
    const decoder = new TextDecoder();
    const say = (bytes) => {
      this.said = (this.said + decoder.decode(bytes)).slice(-8192);
      return bytes.length;
    };
    return {
      constants: { O_WRONLY: O.WRONLY, O_RDWR: O.RDWR, O_CREAT: O.CREAT, O_TRUNC: O.TRUNC, O_APPEND: O.APPEND, O_EXCL: O.EXCL, O_DIRECTORY: O.DIRECTORY },
      writeSync: (fd, bytes) => say(bytes),
      open: answer((path, flags, mode) => this.openFile(path, flags, mode)),
      close: answer((fd) => this.close(fd)),
      lend: (fd, length, position, callback) => this.lend(fd, length, position, callback),
      read: (fd, buffer, offset, length, position, callback) => {
        const lent = this.lend(fd, length, position, (err, bytes) => {
          if (err) return callback(err);
          buffer.set(bytes, offset);
          callback(null, bytes.length);
        });
        if (!lent) read(fd, buffer, offset, length, position, callback);
      },
      write: answer((fd, buffer, offset, length, position) => (fd < 3 ? say(buffer.subarray(offset, offset + length)) : this.write(fd, buffer, offset, length, position))),
      fsync: answer(() => {}),
      fstat: answer((fd) => this.stat(this.handle(fd).node)),
      stat: answer((path) => this.stat(this.find(path))),
      lstat: answer((path) => this.stat(this.find(path))),
      readdir: answer((path) => {
        const node = this.find(path);
        if (!node.entries) throw new FileFault("ENOTDIR");
        return [...node.entries.keys()];
      }),
      mkdir: answer((path, mode) => this.mkdir(path, mode)),
      unlink: answer((path) => this.unlink(path)),
      rmdir: answer((path) => this.rmdir(path)),
      rename: answer((from, to) => this.rename(from, to)),
      link: answer((from, to) => this.link(from, to)),
      truncate: answer((path, size) => this.truncate(this.find(path), size)),
      ftruncate: answer((fd, size) => this.truncate(this.handle(fd).node, size)),
      chmod: answer((path, mode) => { this.find(path).mode = mode & 0o777; }),
      fchmod: answer((fd, mode) => { this.handle(fd).node.mode = mode & 0o777; }),
      utimes: answer((path, _, modified) => { this.find(path).time = Math.floor(modified * 1000); }),
      chown: answer(() => {}), fchown: answer(() => {}), lchown: answer(() => {}),
      symlink: refuse("ENOSYS"),
      readlink: refuse("EINVAL"),
    };
  }

  // process and path are the two other modules that Go asks.
  process() {
    return {
      pid: 1, ppid: 1, getuid: () => 0, getgid: () => 0, geteuid: () => 0, getegid: () => 0, getgroups: () => [], umask: () => 0o77,
      cwd: () => this.cwd,
      chdir: (path) => { this.find(path); this.cwd = "/" + this.parts(path).join("/"); },
    };
  }

  path() {
    return { resolve: (...list) => "/" + this.parts(list.join("/")).join("/") };
  }
}
