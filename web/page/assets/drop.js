// What a person gives: files, folders, a drag of both. Folders are walked,
// names are kept with the folders that they are in.
"use strict";

// fromInput lists the files of a file field. The folder that was chosen is the
// top: its own name is left out.
function fromInput(input) {
  return [...input.files].map((file) => [file.webkitRelativePath ? file.webkitRelativePath.split("/").slice(1).join("/") : file.name, file]);
}

// takeDrop reads a drag. Entries and handles must be taken before the event is
// over; on a page opened from the disk Chromium gives folders by handles only.
function takeDrop(transfer) {
  return [...transfer.items].filter((item) => item.kind === "file").map((item) => {
    const handle = item.getAsFileSystemHandle?.();
    const entry = item.webkitGetAsEntry?.();
    return { handle, entry, file: item.getAsFile() };
  });
}

async function fromDrop(taken) {
  const list = [];
  const alone = taken.length === 1; // one folder is the top, several keep their names
  for (const { handle, entry, file } of taken) {
    const h = handle ? await handle : null;
    if (h?.kind === "directory") await walkHandle(h, alone ? "" : h.name + "/", list);
    else if (!h && entry?.isDirectory) await walkEntry(entry, alone ? "" : entry.name + "/", list);
    else if (file) list.push([file.name, h ? await h.getFile() : file]);
  }
  return list;
}

async function walkHandle(folder, prefix, list) {
  for await (const [name, handle] of folder.entries()) {
    if (handle.kind === "directory") await walkHandle(handle, prefix + name + "/", list);
    else list.push([prefix + name, await handle.getFile()]);
  }
}

async function walkEntry(folder, prefix, list) {
  const reader = folder.createReader();
  for (;;) {
    const entries = await new Promise((done, failed) => reader.readEntries(done, failed));
    if (!entries.length) return;
    for (const entry of entries) {
      if (entry.isDirectory) await walkEntry(entry, prefix + entry.name + "/", list);
      else list.push([prefix + entry.name, await new Promise((done, failed) => entry.file(done, failed))]);
    }
  }
}

// What systems leave in folders is no justificatif.
const clutter = new Set([".ds_store", "thumbs.db", "desktop.ini"]);

// known keeps the last file of each name.
function known(before, list) {
  const all = new Map(before);
  for (const [name, file] of list) {
    if (!clutter.has(name.split("/").pop().toLowerCase())) all.set(name, file);
  }
  return all;
}
