// The worker that does the work, as the page sees it: asked, watched, stopped.
"use strict";

const missing = [
  ["WebAssembly", typeof WebAssembly === "object"],
  ["DecompressionStream", typeof DecompressionStream === "function"],
  ["Worker", typeof Worker === "function"],
  ["Blob.arrayBuffer", typeof Blob.prototype.arrayBuffer === "function"],
].filter(([, there]) => !there).map(([name]) => name);

const textOf = (id) => document.getElementById(id).textContent;

// workerSource is the script of the worker, compressed in the page.
async function workerSource() {
  const packed = Uint8Array.from(atob(textOf("worker")), (c) => c.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Blob([await new Response(stream).arrayBuffer()], { type: "text/javascript" });
}

class Stopped extends Error {}

class Host {
  constructor() {
    this.calls = new Map();
    this.next = 1;
    this.bound = 0; // bytes that can be held
    this.disk = false;
    this.onprogress = () => {};
    this.module = null; // the program, once a worker compiled it
  }

  async start() {
    this.source ||= await workerSource();
    const url = URL.createObjectURL(this.source);
    this.worker = new Worker(url);
    URL.revokeObjectURL(url);
    this.worker.onmessage = ({ data }) => this.#hear(data);
    this.worker.onerror = (e) => this.#fail(new Error(e.message || "worker"));
    // The worker reads the text: doing so takes longer than the page may be busy.
    const text = this.module ? null : textOf("wasm");
    const started = await this.call("start", { module: this.module, text, digest: build.digest, octets: build.octets, version: build.version });
    if (started.incomplete) {
      this.stop();
      throw new Error(t("la page est incomplète : reprenez-en une copie", "the page is incomplete: take another copy of it"));
    }
    Object.assign(this, started); // the program, what can be held, and whether on a disk
    // A second one starts while files are being chosen, where there is a processor for
    // it, and ends with the first.
    if (navigator.hardwareConcurrency > 1) this.call("help", { source: this.source, version: build.version }).catch(() => {});
  }

  #hear(data) {
    if (data.progress) return this.onprogress(data.progress);
    if (data.ended !== undefined) return this.#fail(this.#ending(data.ended));
    const call = this.calls.get(data.id);
    this.calls.delete(data.id);
    if (data.fault !== undefined) call.reject(new Error(data.fault));
    else call.resolve(data.value);
  }

  // ending is why the program ended, which it never does by itself.
  #ending(text) {
    if (text.includes("out of memory")) {
      return new Error(t("la mémoire de l’onglet ne suffit pas à ce travail : fermez d’autres onglets, ou utilisez la commande xhl", "the memory of the tab is not enough for this work: close other tabs, or use the command xhl"));
    }
    return new Error(t("le programme s’est arrêté : {0}", "the program stopped: {0}", text.trim().split("\n")[0]));
  }

  #fail(error) {
    this.worker?.terminate();
    this.worker = null;
    for (const call of this.calls.values()) call.reject(error);
    this.calls.clear();
  }

  call(name, message, transfer) {
    const id = this.next++;
    return new Promise((resolve, reject) => {
      if (!this.worker) return reject(new Stopped());
      this.calls.set(id, { resolve, reject });
      this.worker.postMessage({ id, do: name, ...message }, transfer || []);
    });
  }

  // stop ends the work at once: what the worker held is gone with it.
  stop() {
    this.#fail(new Stopped());
  }

  // mount hands files over, in lots so that the page keeps answering.
  async mount(folder, list) {
    for (let i = 0; i < list.length; i += 200) await this.call("mount", { folder, list: list.slice(i, i + 200) });
  }
}
