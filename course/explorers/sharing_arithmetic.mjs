// A convolution as a matrix: which of its cells hold the same weight. sharing_arithmetic.py says the same.

import { axes, convolve, outputs } from "./conv_arithmetic.mjs";
import { range } from "./kit.mjs";

export const LIMITS = { height: [2, 6], width: [2, 6], kernel: [1, 4], stride: [1, 3] };
export const NAMES = ["height", "width", "kernel", "stride", "layer"];
export const LAYERS = ["convolution", "locally connected", "dense"];
export const LETTERS = "abcdefghijklmnop";

export const geometry = (s) => ({ ...s, pad: 0, dilation: 1 });
export const tap = (s, chosen) => Math.min(chosen, s.kernel ** 2 - 1);

/** Rows of outputs, columns of inputs: the kernel cell that stands there, -1 where there is none. */
export function matrix(s) {
  const [rows, columns] = axes(geometry(s));
  return range(0, rows.out * columns.out - 1).map((o) => range(0, s.height * s.width - 1).map((n) => {
    const i = Math.floor(n / s.width) - Math.floor(o / columns.out) * s.stride;
    const j = (n % s.width) - (o % columns.out) * s.stride;
    return Math.min(i, j) >= 0 && Math.max(i, j) < s.kernel ? i * s.kernel + j : -1;
  }));
}

/** Outputs that use the chosen weight; where nothing is shared, the weight of one output. */
export function users(s, position) {
  const n = outputs(geometry(s));
  return n === 0 ? [] : s.layer === "convolution" ? range(0, n - 1) : [Math.min(position, n - 1)];
}

/** The input and the kernel, and the output before and after the chosen weight has changed. */
export function result(s, seed, chosen, position, change) {
  const { x, w, out } = convolve(geometry(s), seed), before = out.flat(), after = [...before], table = matrix(s);
  for (const o of users(s, position)) after[o] += change * x.flat()[table[o].indexOf(tap(s, chosen))];
  return { x, w, table, before, after };
}

export function counts(s) {
  const n = outputs(geometry(s)), read = s.kernel ** 2, dense = n * s.height * s.width;
  return { convolution: [n ? read : 0, n * read], "locally connected": [n * read, n * read], dense: [dense, dense] };
}

export function words(s, chosen, position, change) {
  const n = outputs(geometry(s)), cell = tap(s, chosen);
  if (!n) return `A kernel of ${s.kernel} × ${s.kernel} does not fit: there is no output.`;
  const where = `${LETTERS[cell]} = w[${Math.floor(cell / s.kernel)}, ${cell % s.kernel}]`;
  const moved = change ? `${change > 0 ? "+" : "−"}${Math.abs(change)} on it changes` : "Changing it would change";
  return s.layer === "convolution"
    ? `${where} stands ${n}× in the matrix, once in each row. ` +
      `${moved} ${n > 1 ? `all ${n} outputs` : "the one output"}.`
    : `${where} of output ${users(s, position)[0]} is a weight of its own. ${moved} this output alone.`;
}
