// A zip of files that are compressed already: stored as they are, referred to
// and not copied.
"use strict";

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n;
});

// crcOf reads a Blob by slices.
function crcOf(blob, read) {
  let crc = 0xffffffff;
  for (let at = 0; at < blob.size; at += 4 << 20) {
    const bytes = read(blob.slice(at, at + (4 << 20)));
    for (let i = 0; i < bytes.length; i++) crc = crcTable[(crc ^ bytes[i]) & 0xff] ^ (crc >>> 8);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

const zipDate = (1 << 5) | 1; // 1 January 1980: the same files give the same zip

// storedZip makes the zip of [name, Blob] pairs. What is beyond the 4 GB of a
// plain zip is refused.
function storedZip(list, read) {
  const encoder = new TextEncoder();
  const parts = [];
  const central = [];
  let at = 0;
  for (const [name, blob] of list) {
    const bytes = encoder.encode(name);
    const head = new DataView(new ArrayBuffer(30));
    head.setUint32(0, 0x04034b50, true);
    head.setUint16(4, 20, true);
    head.setUint16(6, 0x0800, true); // the name is UTF-8
    head.setUint16(12, zipDate, true);
    head.setUint32(14, crcOf(blob, read), true);
    head.setUint32(18, blob.size, true);
    head.setUint32(22, blob.size, true);
    head.setUint16(26, bytes.length, true);
    const entry = new Uint8Array(46);
    new DataView(entry.buffer).setUint32(0, 0x02014b50, true);
    entry[4] = 20;
    entry.set(new Uint8Array(head.buffer, 4, 26), 6);
    new DataView(entry.buffer).setUint32(42, at, true);
    parts.push(head.buffer, bytes, blob);
    central.push(entry, bytes);
    at += 30 + bytes.length + blob.size;
  }
  const length = central.reduce((sum, part) => sum + part.length, 0);
  if (at + length > 0xffffffff || list.length > 0xffff) throw new Error("zip64");
  const end = new DataView(new ArrayBuffer(22));
  end.setUint32(0, 0x06054b50, true);
  end.setUint16(8, list.length, true);
  end.setUint16(10, list.length, true);
  end.setUint32(12, length, true);
  end.setUint32(16, at, true);
  return new Blob([...parts, ...central, end.buffer], { type: "application/zip" });
}
