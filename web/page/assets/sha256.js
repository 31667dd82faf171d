// The rounds of SHA-256 (FIPS 180-4) for the program, whose own are slow in a
// browser: a small program of WebAssembly that is made here, all rounds written
// out, and works in the memory of the other.
"use strict";

// sha256Code is the program: b(state, from, to) does the blocks between two
// places.
function sha256Code() {
  const roots = [];
  for (let p = 2; roots.length < 64; p++) {
    if (!roots.some(([q]) => p % q === 0)) roots.push([p, (Math.cbrt(p) % 1) * 2 ** 32 | 0]);
  }
  const code = [];
  const unsigned = (n) => (n < 128 ? [n] : [n & 127 | 128, ...unsigned(n >>> 7)]);
  const signed = (n) => (n >= -64 && n < 64 ? [n & 127] : [n & 127 | 128, ...signed(n >> 7)]);
  const get = (x) => [0x20, x], set = (x) => [0x21, x], tee = (x) => [0x22, x], number = (n) => [0x41, ...signed(n)];
  const load = (at) => [0x28, 0, ...unsigned(at)], store = (at) => [0x36, 0, ...unsigned(at)];
  const add = 0x6a, and = 0x71, or = 0x72, xor = 0x73, shift = 0x76, left = 0x77, right = 0x78;
  const emit = (...list) => code.push(...list.flat());
  const turned = (x, n) => [...get(x), ...number(n), right];
  const mixed = (x, i, j, last) => [...turned(x, i), ...turned(x, j), xor, ...last, xor];
  // Locals: 0 to 2 are the arguments, 3 to 10 the state, 11 to 26 the words, 27 a word.
  const word = (i) => 11 + (i & 15), one = 27;
  const start = Array.from({ length: 8 }, (_, i) => 3 + i);
  emit(0x03, 0x40);
  for (const [i, x] of start.entries()) emit(get(0), load(4 * i), set(x));
  for (let i = 0; i < 16; i++) { // the other end first
    emit(get(1), load(4 * i), tee(one), number(8), left, number(0x00ff00ff), and, get(one), number(8), right, number(0xff00ff00 | 0), and, or, set(word(i)));
  }
  let [a, b, c, d, e, f, g, h] = start;
  for (let i = 0; i < 64; i++) {
    const x = word(i + 1), y = word(i + 14);
    if (i > 15) {
      emit(get(word(i)), get(word(i + 9)), add, mixed(x, 7, 18, [...get(x), ...number(3), shift]), add, mixed(y, 17, 19, [...get(y), ...number(10), shift]), add, set(word(i)));
    }
    emit(get(h), mixed(e, 6, 11, turned(e, 25)), add, get(g), get(e), get(f), get(g), xor, and, xor, add, number(roots[i][1]), add, get(word(i)), add, tee(one));
    emit(get(d), add, set(d), get(one), mixed(a, 2, 13, turned(a, 22)), add, get(a), get(b), and, get(c), get(a), get(b), xor, and, xor, add, set(h));
    [a, b, c, d, e, f, g, h] = [h, a, b, c, d, e, f, g];
  }
  for (const [i, x] of start.entries()) emit(get(0), get(0), load(4 * i), get(x), add, store(4 * i));
  emit(get(1), number(64), add, tee(1), get(2), 0x49, 0x0d, 0, 0x0b, 0x0b);
  const section = (id, list) => [id, ...unsigned(list.length), ...list];
  const body = [1, 25, 0x7f, ...code];
  return new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...section(1, [1, 0x60, 3, 0x7f, 0x7f, 0x7f, 0]), ...section(2, [1, 1, 97, 1, 109, 2, 0, 1]),
    ...section(3, [1, 0]), ...section(7, [1, 1, 98, 0, 0]), ...section(10, [1, ...unsigned(body.length), ...body])]);
}

// sha256Over is b over a memory.
const sha256Over = (memory) => new WebAssembly.Instance(new WebAssembly.Module(sha256Code()), { a: { m: memory } }).exports.b;
