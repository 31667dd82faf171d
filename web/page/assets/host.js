// The worker that does the work, as the page sees it: asked, watched, stopped.
"use strict";

const missing = [
  ["WebAssembly", typeof WebAssembly === "object"],
  ["DecompressionStream", typeof DecompressionStream === "function"],
  ["Worker", typeof Worker === "function"],
  ["Blob.arrayBuffer", typeof Blob.prototype.arrayBuffer === "function"],
].filter(([, there]) => !there).map(([name]) => name);

const textOf = (id) => document.getElementById(id).textContent;

// bytesOf reads a text of thirteen bits in two characters: those of ASCII from
// ! to ~, but for & - <. What a text that was cut short lacks is zeros.
function bytesOf(text, octets) {
  const values = new Uint8Array(128);
  for (let c = 33, n = 0; c < 127; c++) if (c !== 38 && c !== 45 && c !== 60) values[c] = n++;
  const bytes = new Uint8Array(octets);
  for (let i = 0, at = 0, held = 0, n = 0; i + 1 < text.length; i += 2) {
    held |= (values[text.charCodeAt(i) & 127] + 91 * values[text.charCodeAt(i + 1) & 127]) << n;
    for (n += 13; n >= 8; n -= 8, held >>>= 8) bytes[at++] = held & 255;
  }
  return bytes;
}

const hexOf = (buffer) => [...new Uint8Array(buffer)].map((b) => b.toString(16).padStart(2, "0")).join("");

// compiled is the program, taken out of the page once. The digest is in this
// script, which the policy of the page holds by its own: a page that was cut
// short on its way says so.
async function compile() {
  const packed = bytesOf(textOf("wasm").trim(), build.octets);
  if (globalThis.crypto?.subtle) {
    const digest = hexOf(await crypto.subtle.digest("SHA-256", packed));
    if (digest !== build.digest) throw new Error(t("la page est incomplète : reprenez-en une copie", "the page is incomplete: take another copy of it"));
  }
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return WebAssembly.compile(await new Response(stream).arrayBuffer());
}

class Stopped extends Error {}

class Host {
  constructor() {
    this.calls = new Map();
    this.next = 1;
    this.onprogress = () => {};
    this.module = null;
  }

  async start() {
    this.module ||= compile();
    const module = await this.module;
    const url = URL.createObjectURL(new Blob([textOf("worker")], { type: "text/javascript" }));
    this.worker = new Worker(url);
    URL.revokeObjectURL(url);
    this.worker.onmessage = ({ data }) => this.#hear(data);
    this.worker.onerror = (e) => this.#fail(new Error(e.message || "worker"));
    const { bound } = await this.call("start", { module, version: build.version });
    this.bound = bound;
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
