// The program, taken out of the text that it is in the page.
"use strict";

// bytesOf reads a text of thirteen bits in two characters: those of ASCII from
// ! to ~, but for & - <. What a text that was cut short lacks is zeros.
function bytesOf(text, octets) {
  const values = new Uint8Array(128);
  for (let c = 33, n = 0; c < 127; c++) if (c !== 38 && c !== 45 && c !== 60) values[c] = n++;
  const bytes = new Uint8Array(octets);
  for (let i = 0, at = 0, held = 0, n = 0; i + 1 < text.length; i += 2) {
    held |= (values[text[i] & 127] + 91 * values[text[i + 1] & 127]) << n;
    for (n += 13; n >= 8; n -= 8, held >>>= 8) bytes[at++] = held & 255;
  }
  return bytes;
}

// restored puts a program together again, whose repeats were taken out: numbers
// of seven bits a byte, then steps of new bytes and of such as were seen before.
function restored(packed) {
  let at = 0;
  const number = () => {
    let n = 0;
    for (let shift = 0; ; shift += 7) {
      const b = packed[at++];
      n |= (b & 127) << shift;
      if (b < 128) return n;
    }
  };
  const program = new Uint8Array(number());
  const length = number(); // of the steps
  const end = at + length;
  for (let to = 0, fresh = end; at < end; ) {
    const n = number(), again = number(), back = number();
    program.set(packed.subarray(fresh, fresh + n), to);
    fresh += n;
    to += n;
    program.copyWithin(to, to - back, to - back + again);
    to += again;
  }
  return program;
}

// isWhole is whether a text has its digest, which is in the script that the
// policy of the page holds by its own: a page that was cut short on its way says
// so.
async function isWhole(text, digest) {
  if (!globalThis.crypto?.subtle) return true;
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", text));
  return digest === [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
}

async function compile(text, octets) {
  const stream = new Blob([bytesOf(text, octets)]).stream().pipeThrough(new DecompressionStream("gzip"));
  return WebAssembly.compile(restored(new Uint8Array(await new Response(stream).arrayBuffer())));
}
