// Giving what was made: into a folder that is chosen, as one zip, or file by file.
"use strict";

// download hands a file to the browser, which says where it went: the page
// cannot know whether it was saved.
function download(name, blob) {
  const url = URL.createObjectURL(blob);
  const a = el("a", { href: url, download: name });
  a.click();
  setTimeout(() => URL.revokeObjectURL(url), 60000);
}

// oneByOne leaves time between downloads: browsers drop some of those that
// come at once.
async function oneByOne(list) {
  for (const [name, blob] of list) {
    download(name, blob);
    await new Promise((done) => setTimeout(done, 200));
  }
}

const canChoose = () => typeof window.showDirectoryPicker === "function";

const sliceWritten = 8 << 20; // bytes between two looks whether to go on

// writeInto writes files into a folder, each whole or not at all. The manifest
// comes last. told hears how many are there. onward is asked before each slice:
// what it throws ends the writing, and the files that came are taken away again.
async function writeInto(folder, list, told, onward = () => {}) {
  const rename = await canRename(folder);
  const fresh = [];
  try {
    let done = 0;
    for (const [name, blob] of list) {
      if (!(await exists(folder, name))) fresh.push(name);
      await writeWhole(folder, name, blob, rename, onward);
      told(++done);
    }
  } catch (e) {
    for (const name of fresh) await takeAway(folder, name);
    throw e;
  }
}

// writeWhole writes a file. A browser replaces one that is there when its writing
// is closed; a new one is there at once, empty, so it has another name until it
// is whole, where the browser can rename.
async function writeWhole(folder, name, blob, rename, onward) {
  onward();
  const fresh = !(await exists(folder, name));
  const first = fresh && rename ? name + ".part" : name;
  const handle = await folder.getFileHandle(first, { create: true });
  try {
    const out = await handle.createWritable();
    try {
      for (let at = 0; at < blob.size; at += sliceWritten) {
        onward();
        await out.write(blob.slice(at, at + sliceWritten));
      }
      onward();
    } catch (e) {
      await out.abort();
      throw e;
    }
    await out.close();
    if (first !== name) await handle.move(name);
  } catch (e) {
    if (fresh) await takeAway(folder, first);
    throw e;
  }
}

// takeAway removes a file. A browser lets go of one a moment after its writing was
// given up.
async function takeAway(folder, name) {
  for (let tries = 0; tries < 40; tries++) {
    try {
      return await folder.removeEntry(name);
    } catch (e) {
      if (e.name === "NotFoundError") return;
    }
    await new Promise((done) => setTimeout(done, 50));
  }
}

const exists = (folder, name) => folder.getFileHandle(name).then(() => true, () => false);

// canRename tries it: browsers that have the function refuse it in some folders.
async function canRename(folder) {
  const probe = await folder.getFileHandle(".xhl.part", { create: true });
  try {
    await probe.move(".xhl.renamed.part");
    await folder.removeEntry(".xhl.renamed.part");
    return true;
  } catch {
    await folder.removeEntry(".xhl.part").catch(() => {});
    return false;
  }
}

// readBack gives the files of a folder as they are on the disk.
async function readBack(folder, names) {
  const list = [];
  for (const name of names) list.push([name, await (await folder.getFileHandle(name)).getFile()]);
  return list;
}
