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

// writeInto writes files into a folder, each whole or not at all: a browser
// replaces a file when its writing is closed. The manifest comes last.
async function writeInto(folder, list, told) {
  let done = 0;
  for (const [name, blob] of list) {
    const handle = await folder.getFileHandle(name, { create: true });
    const out = await handle.createWritable();
    try {
      await out.write(blob);
    } catch (e) {
      await out.abort();
      throw e;
    }
    await out.close();
    told(++done);
  }
}

// readBack gives the files of a folder as they are on the disk.
async function readBack(folder, names) {
  const list = [];
  for (const name of names) list.push([name, await (await folder.getFileHandle(name)).getFile()]);
  return list;
}
