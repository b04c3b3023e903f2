// Several channels in, several filters: partial sums, their sum, and the same as one matrix product.

import { range, signed } from "./kit.mjs";

export const LIMITS = { channels: [1, 3], filters: [1, 4], size: [3, 6], kernel: [1, 3], stride: [1, 2] };
export const NAMES = [...Object.keys(LIMITS), "bias"];
export const MOST_PIXEL = 4;
export const MOST_WEIGHT = 2;

// The traits pixels (3, 6, 6), weights (4, 3, 3, 3) and biases (4,) hold numbers for the largest layer, in a row.
const pixel = (g, c, i, j) => g.pixels[(c * 6 + i) * 6 + j];
export const weight = (g, f, c, p, q) => g.weights[((f * 3 + c) * 3 + p) * 3 + q];
export const biasOf = (g, f) => (g.bias ? g.biases[f] : 0);
const upTo = (n) => range(0, n - 1);

/** Side of the output, number of its places, numbers in a window through all channels, rows never read. */
export function sizes({ channels, size, kernel, stride }) {
  const out = Math.floor((size - kernel) / stride) + 1;
  return { out, places: out * out, taps: channels * kernel * kernel, leftOver: (size - kernel) % stride };
}

export const channel = (g, c) => upTo(g.size).map((i) => upTo(g.size).map((j) => pixel(g, c, i, j)));
export const slice = (g, f, c) => upTo(g.kernel).map((p) => upTo(g.kernel).map((q) => weight(g, f, c, p, q)));

/** im2col: one row for each place of the window, its numbers channel by channel. */
export function windows(g) {
  const { out } = sizes(g);
  return upTo(out).flatMap((r) => upTo(out).map((s) => upTo(g.channels).flatMap((c) =>
    upTo(g.kernel).flatMap((p) => upTo(g.kernel).map((q) => pixel(g, c, g.stride * r + p, g.stride * s + q))))));
}

/** The filters laid out as rows in the same order: F of them. */
export const filterRows = (g) => upTo(g.filters).map((f) => upTo(g.channels).flatMap((c) => slice(g, f, c).flat()));

const dot = (a, b) => a.reduce((sum, number, i) => sum + number * b[i], 0);

/** partial[f][c][place] and out[f][place], places counted row by row. */
export function layer(g) {
  const rows = windows(g), area = g.kernel * g.kernel;
  const partial = filterRows(g).map((filter) => upTo(g.channels).map((c) => rows.map((row) =>
    dot(row.slice(c * area, (c + 1) * area), filter.slice(c * area, (c + 1) * area)))));
  const out = partial.map((maps, f) => rows.map((_, place) =>
    maps.reduce((sum, map) => sum + map[place], biasOf(g, f))));
  return { partial, out };
}

/** The number of weights and biases. */
export const parameters = (g) => g.filters * (sizes(g).taps + (g.bias ? 1 : 0));

/** Shapes and counts in words. */
export function sentence(g) {
  const { out, places, taps, leftOver } = sizes(g), n = g.filters;
  const one = `${g.channels}·${g.kernel}·${g.kernel}${g.bias ? " + 1" : ""}`;
  return `Each filter has a slice for every channel: ${n}·(${one}) = ${parameters(g)} parameters. ` +
    `Each filter gives one map of ${out} × ${out}, however many channels come in. ` +
    `As a matrix product: ${places} × ${taps} times ${taps} × ${n} gives ${places} × ${n}.` +
    (leftOver ? " The last row and column are never read: they do not fit the stride." : "");
}

/** [filter, row, column] of an output cell; positions past the end are the last. */
export function placeAt(g, position) {
  const { out, places } = sizes(g), at = Math.min(position, g.filters * places - 1), place = at % places;
  return [Math.floor(at / places), Math.floor(place / out), place % out];
}

/** One output cell: its partial sums, the bias, and their sum. */
export function cellSentence(g, position) {
  const [f, r, s] = placeAt(g, position), place = r * sizes(g).out + s, { partial, out } = layer(g);
  const sums = partial[f].map((map) => map[place]), all = g.bias ? [...sums, biasOf(g, f)] : sums;
  const said = sums.map((sum, c) => `channel ${c} gives ${signed(sum)}`).join(", ");
  return `out[${f}, ${r}, ${s}]: ${said}${g.bias ? `, the bias ${signed(biasOf(g, f))}` : ""}; ` +
    `${added(all)} = ${signed(out[f][place])}.`;
}

const added = (numbers) => numbers.map((n, i) => (i ? (n < 0 ? ` − ${-n}` : ` + ${n}`) : signed(n))).join("");

/** The products of one output cell, a line for each channel. */
export function sumLines(g, position) {
  const [f, r, s] = placeAt(g, position), row = windows(g)[r * sizes(g).out + s], filter = filterRows(g)[f];
  const area = g.kernel * g.kernel;
  return upTo(g.channels).map((c) => {
    const taps = range(c * area, (c + 1) * area - 1);
    return `channel ${c}: ${taps.map((t) => `${signed(filter[t])}·${row[t]}`).join(" + ")} = ` +
      signed(taps.reduce((sum, t) => sum + filter[t] * row[t], 0));
  });
}

/** Random numbers for pixels, weights and biases. */
export function renewed(random) {
  const draw = (n, least, most) => upTo(n).map(() => least + Math.floor(random() * (most - least + 1)));
  return {
    pixels: draw(108, 0, MOST_PIXEL), weights: draw(108, -MOST_WEIGHT, MOST_WEIGHT), biases: draw(4, -3, 3),
  };
}

/** A random layer to guess about. */
export function puzzle(random) {
  const drawn = Object.entries(LIMITS).map(([name, [least, most]]) =>
    [name, least + Math.floor(random() * (most - least + 1))]);
  return { ...Object.fromEntries(drawn), bias: random() < 0.5 };
}

/** Whether a guess, as it was typed, is the number of parameters, and why. */
export function judgeParameters(g, guess) {
  return [Number.parseInt(guess.replaceAll(/[\s,]/g, ""), 10) === parameters(g), sentence(g)];
}
