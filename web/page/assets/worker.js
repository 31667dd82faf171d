// The worker: one Go program over the file layer, asked by the page. What it
// takes and gives are messages; it loads nothing and sends nothing.
"use strict";

// Bytes of files held in the memory of the tab: a quarter of what the machine
// has, where the browser says it.
const memoryBound = Math.min(1536 << 20, (navigator.deviceMemory || 8) * (256 << 20));
const reader = new FileReaderSync();
const bytesOfBlob = (blob) => new Uint8Array(reader.readAsArrayBuffer(blob));
const files = new Files(memoryBound, bytesOfBlob);
files.streams = new Streams(() => {
  const url = URL.createObjectURL(new Blob([`(${readStreams})(globalThis)`]));
  const worker = new Worker(url);
  URL.revokeObjectURL(url);
  return worker;
});
let spool = null;
const lender = new Lender();
globalThis.fs = lender.over(files.layer());
globalThis.process = files.process();
globalThis.path = files.path();

const peer = globalThis.xhlPeer = new Peer();

let module; // the program, compiled
let program; // the functions of Go, once it runs

async function start(version) {
  const go = new Go();
  go.argv = ["xhl", version];
  const ready = new Promise((done) => { globalThis.xhlReady = done; });
  let rounds;
  const instance = await WebAssembly.instantiate(module, { ...go.importObject, xhl: { sha256: (state, from, to) => rounds(state, from, to) } });
  rounds = sha256Over(instance.exports.mem);
  const bytes = Uint8Array;
  globalThis.Uint8Array = lender.type();
  // What Go says last before it ends, for want of memory or for a fault of its
  // own, is all that there is to tell.
  go.run(instance).then(() => postMessage({ ended: files.said }));
  program = await ready;
  globalThis.Uint8Array = bytes;
}

// given is what is handed to the page: Blobs, whose memory is then the
// browser's to keep, on its disk if it likes.
function given(folder) {
  const list = [];
  for (const [name, node] of files.list(folder)) {
    const blob = files.blobOf(node);
    list.push([name, blob]);
  }
  return list;
}

const services = {
  // start begins with the program, or with the text that it is in the page; who
  // follows works for the worker that made it.
  start: async ({ module: compiled, text, digest, octets, version, follows }) => {
    module = compiled;
    if (!module) {
      const signs = new TextEncoder().encode(text).subarray(1); // after the end of the line
      if (!(await isWhole(signs, digest))) return { incomplete: true };
      module = await compile(signs, octets);
    }
    if (!follows && (spool = await openSpool())) {
      files.bound = spool.bound;
      files.take = () => spool.take();
    }
    await start(version);
    if (follows) return peer.follow();
    return { module, bound: files.bound, disk: Boolean(spool) };
  },
  // help makes the worker that follows.
  help: ({ source, version }) => {
    const url = URL.createObjectURL(source);
    peer.lead(new Worker(url), { do: "start", module, version, follows: true });
    URL.revokeObjectURL(url);
  },
  mount: ({ folder, list }) => {
    for (const [path, file] of list) files.mount(folder + "/" + path, file);
    files.inputs.bring();
  },
  empty: ({ folders }) => {
    for (const folder of folders) if (files.has(folder)) files.empty(folder);
  },
  ask: async ({ ask }) => {
    files.full = false;
    files.changed = "";
    const progress = (phase, done, total) => postMessage({ progress: { phase, done, total } });
    const answer = JSON.parse(await new Promise((done) => program(JSON.stringify(ask), progress, done)));
    await files.settle();
    return { answer, full: files.full, changed: files.changed, held: files.held, shared: peer.done };
  },
  give: ({ folder }) => given(folder),
  zip: ({ list }) => storedZip(list, bytesOfBlob),
};

onmessage = async ({ data }) => {
  try {
    postMessage({ id: data.id, value: await services[data.do](data) });
  } catch (e) {
    postMessage({ id: data.id, fault: String(e?.message || e) });
  }
};
