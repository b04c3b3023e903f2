// Convolution arithmetic for one channel and one filter: sizes, what does not fit, the numbers, the sum of a cell.
// It repeats conv_arithmetic.py word for word; a test compares them in every geometry.

import { both, count, range, signed } from "./kit.mjs";
import { scatter } from "./scatter.mjs";

export const LIMITS = { height: [1, 16], width: [1, 16], kernel: [1, 11], stride: [1, 6], pad: [0, 5],
                        dilation: [1, 3] };
export const NAMES = Object.keys(LIMITS);
const MOST_OFFERS = 4;
const PIXELS = [1, 2, 3, 4, 5];
const WEIGHTS = [-2, -1, 1, 2];

export const extent = (g) => g.dilation * (g.kernel - 1) + 1;
export const axes = (g) => [axis(g.height, g), axis(g.width, g)];
export const outputs = (g) => axes(g).reduce((n, a) => n * a.out, 1);
export const fits = (g) => axes(g).every(axisFits);
const axisFits = (a) => a.sticksOut === 0 && a.leftOver === 0;

function axis(size, g) {
  const padded = size + 2 * g.pad, span = padded - extent(g);
  if (span < 0) return { padded, span, out: 0, leftOver: 0, sticksOut: -span };
  return { padded, span, out: Math.floor(span / g.stride) + 1, leftOver: span % g.stride, sticksOut: 0 };
}

export function neighbours(g) {
  if (fits(g)) return [];
  const sides = axes(g).some(axisFits) ? [["height"], ["width"]] : [["height", "width"]];
  const kernelSide = ["stride", "pad", "kernel", "dilation"];
  const pairs = kernelSide.flatMap((a, i) => kernelSide.slice(i + 1).map((b) => [a, b]));
  const nearestOfEach = (groups) => groups.map((names) => nearest(g, names)).filter(Boolean);
  const single = nearestOfEach([...kernelSide.map((name) => [name]), ...sides]);
  const found = single.length ? single : nearestOfEach(pairs);
  return found.sort((a, b) => distance(g, a, NAMES) - distance(g, b, NAMES)).slice(0, MOST_OFFERS);
}

function nearest(g, names) {
  const staysSquare = names.includes("height") && g.height === g.width;
  const options = staysSquare ? range(...LIMITS.height).map((side) => ({ ...g, height: side, width: side }))
    : names.reduce((all, name) => all.flatMap((o) =>
      range(...LIMITS[name]).map((value) => ({ ...o, [name]: value }))), [g]);
  return options.sort((a, b) => distance(g, a, names) - distance(g, b, names)).find(fits);
}

const distance = (g, other, names) => names.reduce((sum, name) => sum + Math.abs(g[name] - other[name]), 0);

export const change = (g, other) =>
  NAMES.filter((name) => g[name] !== other[name]).map((name) => `${name} ${other[name]}`).join(", ");

export function formula(g) {
  const [rows, columns] = axes(g);
  const symbols = g.dilation === 1 ? "(N + 2P − F)/S + 1" : "(N + 2P − D(F − 1) − 1)/S + 1";
  return [`places = ${symbols}`, ...(g.height === g.width
    ? [withNumbers("rows = columns", g.height, rows, g)]
    : [withNumbers("rows", g.height, rows, g), withNumbers("columns", g.width, columns, g)])];
}

function withNumbers(name, size, a, { kernel, stride, pad, dilation }) {
  const reach = dilation === 1 ? kernel : `${dilation}·(${kernel} − 1) − 1`;
  const whole = `${name} = (${size} + 2·${pad} − ${reach})/${stride} + 1 = ${signed(a.span)}/${stride} + 1`;
  if (a.sticksOut) return `${whole}: ${signed(a.span)} is negative, no output`;
  return `${whole} = ${a.leftOver ? `${decimal(a.span / stride + 1)}, rounded down to ` : ""}${a.out}`;
}

export function sentence(g) {
  const [rows, columns] = axes(g), covered = extent(g);
  if (rows.sticksOut || columns.sticksOut) {
    const by = both(count(rows.sticksOut, "row"), count(columns.sticksOut, "column"));
    return `The kernel covers ${covered} × ${covered} cells, the padded input has ${rows.padded} × ` +
      `${columns.padded}: it sticks out by ${by}, so there is no output.`;
  }
  if (rows.leftOver || columns.leftOver) {
    const left = both(last(rows.leftOver, "row"), last(columns.leftOver, "column"));
    const spans = both(rows.leftOver ? `${rows.span}` : "",
                       columns.leftOver && columns.span !== rows.span ? `${columns.span}` : "");
    const lost = Math.max(rows.leftOver, columns.leftOver) > g.pad;
    return `Stride ${g.stride} does not divide ${spans}: the kernel never reaches ${left} of the padded ` +
      `input${lost ? "" : " (only padding)"}, and the output is rounded down to ` +
      `${rows.out} × ${columns.out}.`;
  }
  return `It fits: the kernel covers ${covered} × ${covered} cells and can stand in ${rows.out} × ` +
    `${columns.out} places.`;
}

export function cellSentence(g, seed, position) {
  if (!outputs(g)) return "No output cell.";
  const [row, column] = windowAt(g, position);
  return `out[${row}, ${column}] = ${signed(patchSum(terms(g, seed, position)))}.`;
}

export function counts(g) {
  const n = outputs(g), conv = g.kernel ** 2, dense = g.height * g.width * n;
  return { conv_weights: conv, conv_multiply_adds: conv * n, dense_weights: dense, dense_multiply_adds: dense };
}

export function windowAt(g, position) {
  const columns = axes(g)[1].out;
  const index = Math.min(position, outputs(g) - 1);
  return [Math.floor(index / columns), index % columns];
}

/** Input cell at (row, column); zero in the padding and beyond. */
export const pixel = (g, seed, row, column) =>
  row < 0 || column < 0 || row >= g.height || column >= g.width ? 0
    : PIXELS[scatter(seed, row, column, 0) % PIXELS.length];
export const weight = (seed, i, j) => WEIGHTS[scatter(seed, i, j, 1) % WEIGHTS.length];

/** The padded input x, the kernel w and out[r][c] = sum_ij w[i][j] x[S r + D i][S c + D j]. */
export function convolve(g, seed) {
  const [rows, columns] = axes(g), taps = range(0, g.kernel - 1);
  const x = range(0, rows.padded - 1).map((r) => range(0, columns.padded - 1).map((c) =>
    pixel(g, seed, r - g.pad, c - g.pad)));
  const w = taps.map((i) => taps.map((j) => weight(seed, i, j)));
  const out = range(0, rows.out - 1).map((r) => range(0, columns.out - 1).map((c) => {
    let sum = 0;
    for (const i of taps) {
      for (const j of taps) sum += w[i][j] * x[g.stride * r + g.dilation * i][g.stride * c + g.dilation * j];
    }
    return sum;
  }));
  return { x, w, out };
}

/** Rows of [weight, input] pairs whose products add up to the output cell at `position`. */
export function terms(g, seed, position) {
  const [row, column] = windowAt(g, position);
  const [top, left] = [g.stride * row - g.pad, g.stride * column - g.pad];
  return range(0, g.kernel - 1).map((i) => range(0, g.kernel - 1).map((j) =>
    [weight(seed, i, j), pixel(g, seed, top + g.dilation * i, left + g.dilation * j)]));
}

const rowSum = (row) => row.reduce((sum, [w, x]) => sum + w * x, 0);
const patchSum = (rows) => rows.reduce((sum, row) => sum + rowSum(row), 0);

/** The output cell at `position` as a sum to follow by hand, one line for each row of the kernel. */
export function sumLines(g, seed, position) {
  if (!outputs(g)) return [];
  const rows = terms(g, seed, position), sums = rows.map(rowSum);
  const lines = rows.map((row, i) => {
    const sum = row.map(([w, x], j) => `${sign(w, j)}${Math.abs(w)}·${x}`).join("");
    return `${`kernel row ${i}:`.padEnd(14)}${sum}  = ${signed(sums[i]).padStart(3)}`;
  });
  const [row, column] = windowAt(g, position);
  const added = g.kernel > 1 ? `${sums.map((s, i) => sign(s, i) + Math.abs(s)).join("").trim()} = ` : "";
  return [...lines, `${`out[${row}, ${column}]`.padEnd(12)} = ${added}${signed(patchSum(rows))}`];
}

/** Output cells [row, column] that read the cell (row, column) of the padded input. */
export function usedBy(g, row, column) {
  const [rows, columns] = axes(g), taps = range(0, g.kernel - 1).map((i) => g.dilation * i);
  const along = (place, a) => range(0, a.out - 1).filter((o) => taps.includes(place - g.stride * o));
  return along(row, rows).flatMap((r) => along(column, columns).map((c) => [r, c]));
}

/** A geometry whose output has cells, to guess their number; `random` as Math.random. */
export function puzzle(random) {
  const between = (least, most) => least + Math.floor(random() * (most - least + 1));
  return { height: between(5, 12), width: between(5, 12), kernel: between(2, 5), stride: between(1, 3),
           pad: between(0, 2), dilation: 1 };
}

/** Whether "4 x 5", or "4" for a square, is the size of the output, and what is. */
export function judgeSize(g, guess) {
  const said = (guess.match(/\d+/g) ?? []).map(Number), right = axes(g).map((a) => a.out);
  const same = said.length > 0 && said.length < 3 && right.every((n, i) => n === said[i % said.length]);
  return [same, `The output is ${right.join(" × ")}.`];
}

/** Pads with a name: null where the kernel has no such pad, or none within the limits. */
export function namedPads(g) {
  const allowed = (pad) => (Number.isInteger(pad) && pad <= LIMITS.pad[1] ? pad : null);
  return { valid: 0, same: allowed((extent(g) - 1) / 2), full: allowed(extent(g) - 1) };
}

const sign = (number, i) => (i ? (number < 0 ? " − " : " + ") : number < 0 ? "−" : " ");
const decimal = (number) => number.toFixed(2).replace(/0$/, "");
const last = (number, noun) => (number ? `the last ${number === 1 ? noun : count(number, noun)}` : "");
