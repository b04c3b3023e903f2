// Filters over a picture: made by hand, drawn or trained; then ReLU and pooling. Typed arrays, fast enough for a slider.

import { range } from "./kit.mjs";

export const HEIGHT = 128;
export const WIDTH = 160;
export const LARGEST = 11; // side of a filter
export const TRAINED_SIZE = 5;
const CHANNELS = 3;

const middle = (size) => (size - 1) >> 1; // an even filter has none: the one before it
const fill = (size, weight) => Float32Array.from({ length: size * size }, (_, i) =>
  weight(Math.floor(i / size), i % size));
const slope = (at, size) => Math.sign(at - (size - 1) / 2);
const tent = (at, size) => (size + 1) / 2 - Math.abs(at - (size - 1) / 2);
const cross = (p, q, size) => (p === middle(size)) + (q === middle(size));

/** Filters that look at brightness: the table of weights (size, size), in a row. */
export const BY_HAND = {
  same: (size) => fill(size, (p, q) => Number(cross(p, q, size) === 2)),
  blur: (size) => fill(size, () => 1 / (size * size)),
  sharpen: (size) => fill(size, (p, q) => [0, -1, 2 * size - 1][cross(p, q, size)]),
  "vertical edges": (size) => fill(size, (p, q) => tent(p, size) * slope(q, size)),
  "horizontal edges": (size) => fill(size, (p, q) => slope(p, size) * tent(q, size)),
  "all edges": (size) => fill(size, (p, q) => (cross(p, q, size) === 2 ? size * size - 1 : -1)),
};
export const KINDS = [...Object.keys(BY_HAND), "random", "trained", "yours"];

/** Of a table of the largest size, the middle one of this size. */
export function inMiddle(table, size) {
  const corner = (LARGEST - size) >> 1;
  return fill(size, (p, q) => table[(corner + p) * LARGEST + corner + q]);
}

/**
 * One filter as a list of planes of weights: one for the brightness, or one for each channel.
 * index: which of the three it is.  bank: { draws (3, 3, 11, 11), trained (32, 3, 5, 5), first, yours (11, 11) }.
 */
export function filterOf(kind, size, index, { draws, trained, first, yours }) {
  if (kind in BY_HAND) return [BY_HAND[kind](size)];
  if (kind === "yours") return [inMiddle(yours, size)];
  const side = kind === "random" ? LARGEST : TRAINED_SIZE, from = kind === "random" ? draws : trained;
  const number = kind === "random" ? index : first + index, area = side * side;
  const planes = range(0, CHANNELS - 1).map((c) => from.subarray((number * CHANNELS + c) * area).subarray(0, area));
  return kind === "random" ? planes.map((plane) => inMiddle(plane, size)) : planes;
}

/** Trained filters come in one size, and then all three have it. */
export const sizeOf = ({ size, kinds }) => (kinds.includes("trained") ? TRAINED_SIZE : size);
export const padOf = ({ pad }, size) => (pad === "same" ? middle(size) : 0);

/** [rows, columns] after the filters, and after pooling. */
export function sizes(settings, height = HEIGHT, width = WIDTH) {
  const size = sizeOf(settings), more = 2 * padOf(settings, size) - size + 1;
  const filtered = [height + more, width + more];
  return [filtered, filtered.map((side) => Math.floor(side / settings.pool))];
}

/** Red, green and blue planes and, last, their mean; from numbers of 0 to 255, plane by plane. */
export function planesOf(pixels, area) {
  const colours = range(0, CHANNELS - 1).map((c) => Float32Array.from(pixels.subarray(c * area, (c + 1) * area)));
  return [...colours, colours[0].map((red, i) => (red + colours[1][i] + colours[2][i]) / CHANNELS)];
}

/** out[i, j] = sum_{c,p,q} plane_c[i + p, j + q] weights_c[p, q], with zeros around; Float32Array, row by row. */
export function through(planes, height, width, weights, size, pad) {
  const wide = width + 2 * pad, rows = height + 2 * pad - size + 1, columns = wide - size + 1;
  const out = new Float32Array(rows * columns);
  weights.forEach((table, c) => {
    const source = padded(planes[c], height, width, pad), factors = parts(table, size);
    if (!factors) return gather(out, source, columns, wide, table, (k) => Math.floor(k / size) * wide + (k % size));
    const across = new Float32Array((rows + size - 1) * columns); // a column times a row: first along the rows
    gather(across, source, columns, wide, factors[1], (q) => q);
    gather(out, across, columns, columns, factors[0], (p) => p * columns);
  });
  return out;
}

// [column, row] whose product a filter (size, size) is, or null: blur and plain edges need 2 size weights, not size^2.
function parts(table, size) {
  const most = table.reduce((best, weight, k) => (Math.abs(weight) > Math.abs(table[best]) ? k : best), 0);
  const [top, left] = [Math.floor(most / size), most % size], ways = range(0, size - 1);
  if (!table[most]) return null;
  const column = ways.map((p) => table[p * size + left]), row = ways.map((q) => table[top * size + q] / table[most]);
  const near = (weight, k) => Math.abs(weight - column[Math.floor(k / size)] * row[k % size]) < 1e-6 * Math.abs(table[most]);
  return table.every(near) ? [column, row] : null;
}

/** Add to out[y, x] the sum of weights[k] source[y wide + x + offset(k)]. */
function gather(out, source, columns, wide, weights, offset) {
  const taps = Array.from(weights, (weight, k) => [weight, offset(k)]).filter(([weight]) => weight);
  for (let k = 0; k < taps.length; k += 4) { // four weights in one go: the sum is read and written less often
    const [[a, i], [b, j], [d, l], [e, m]] = range(k, k + 3).map((n) => taps[n] ?? [0, taps[k][1]]);
    for (let to = 0, from = 0; to < out.length; to += columns, from += wide) {
      for (let x = 0; x < columns; x += 1) {
        const at = from + x;
        out[to + x] += a * source[at + i] + b * source[at + j] + d * source[at + l] + e * source[at + m];
      }
    }
  }
}

function padded(plane, height, width, pad) {
  const wide = width + 2 * pad, source = new Float32Array((height + 2 * pad) * wide);
  for (let y = 0; y < height; y += 1) {
    source.set(plane.subarray(y * width, (y + 1) * width), (y + pad) * wide + pad);
  }
  return source;
}

export const relu = (map) => map.map((value) => Math.max(0, value));

/** The largest, or the mean, of each window without overlap; what does not fill a window is left out. */
export function pooled(map, rows, columns, size, how) {
  const [high, wide] = [Math.floor(rows / size), Math.floor(columns / size)], out = new Float32Array(high * wide);
  for (let y = 0; y < high; y += 1) for (let x = 0; x < wide; x += 1) {
    let most = -Infinity, sum = 0;
    for (let p = 0; p < size; p += 1) for (let q = 0; q < size; q += 1) {
      const value = map[(y * size + p) * columns + x * size + q];
      sum += value;
      if (value > most) most = value;
    }
    out[y * wide + x] = how === "max" ? most : sum / (size * size);
  }
  return out;
}

const summaries = new WeakMap(); // a map is told of and shown, and a slider comes back to it

/** Smallest and largest number of a map, and the share of zeros. */
export function summary(map) {
  if (summaries.has(map)) return summaries.get(map);
  let low = Infinity, high = -Infinity, zeros = 0;
  for (let i = 0; i < map.length; i += 1) {
    const value = map[i];
    if (value < low) low = value;
    if (value > high) high = value;
    if (value === 0) zeros += 1;
  }
  const found = { low, high, zeros: zeros / map.length };
  summaries.set(map, found);
  return found;
}

/** Opaque pixels, four bytes each, of one map in grey or of three as red, green and blue; each scaled by itself, or from 0 to 255. */
export function shades(maps, itself = true) {
  const out = new Uint8ClampedArray(maps[0].length * 4).fill(255);
  range(0, CHANNELS - 1).forEach((c) => {
    const map = maps[c % maps.length], { low, high } = itself ? summary(map) : { low: 0, high: 255 };
    const scale = high > low ? 255 / (high - low) : 0;
    for (let i = 0; i < map.length; i += 1) out[4 * i + c] = (map[i] - low) * scale;
  });
  return out;
}

/** What is done to the picture, with the size after each step: [name, size] each. */
export function steps(settings) {
  const size = sizeOf(settings), [filtered, last] = sizes(settings), said = ([rows, columns]) => `3 × ${rows} × ${columns}`;
  return [
    ["picture", said([HEIGHT, WIDTH])],
    [`3 filters of 3 × ${size} × ${size}, pad ${padOf(settings, size)}`, said(filtered)],
    ...(settings.relu ? [["ReLU", said(filtered)]] : []),
    ...(settings.pool > 1 ? [[`${settings.pooling} pooling ${settings.pool} × ${settings.pool}`, said(last)]] : []),
  ];
}

/** A random setting to guess about. */
export function puzzle(random) {
  const pick = (list) => list[Math.floor(random() * list.length)];
  return { size: pick(range(3, LARGEST)), pad: pick(["valid", "same"]), pool: pick([1, 2, 3, 4]) };
}

/** Whether a guess, as it was typed, is the size of a map at the end, and why. */
export function judgeSize(settings, guess) {
  const [, last] = sizes(settings), typed = (guess.match(/\d+/g) ?? []).map(Number);
  const right = typed.length === 2 && typed.every((n, i) => n === last[i]);
  return [right, `${steps(settings).map(([name, size]) => `${name}: ${size}`).join("; ")}.`];
}
