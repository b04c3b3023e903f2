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
export function filterOf(kind, size, index, bank) {
  if (kind in BY_HAND) return [BY_HAND[kind](size)];
  if (kind === "yours") return [inMiddle(bank.yours, size)];
  const side = kind === "random" ? LARGEST : TRAINED_SIZE, from = kind === "random" ? bank.draws : bank.trained;
  const number = kind === "random" ? index : bank.first + index, area = side * side;
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
  const maps = weights.map((table, c) => {
    const { column, row, rest } = parts(table, size);
    const out = row ? down(along(planes[c], height, width, row, pad), height, columns, column, pad, table[0])
      : new Float32Array(rows * columns);
    if (rest.some(Boolean)) {
      const source = pad ? padded(planes[c], height, width, pad) : planes[c];
      gather(out, source, columns, wide, rest, (k) => Math.floor(k / size) * wide + (k % size));
    }
    return out;
  });
  return maps.reduce(added);
}

function added(out, map) {
  for (let i = 0; i < out.length; i += 1) out[i] += map[i];
  return out;
}

// A filter as its first weight times column times row, and the rest: blur and edges are such a product, but for the
// middle of "all edges", and each factor is made of few sums. A filter of another kind is all rest.
function parts(table, size) {
  const ways = range(0, size - 1), whole = { rest: table };
  if (!table[0]) return whole;
  const factors = [ways.map((p) => table[p * size] / table[0]), ways.map((q) => table[q] / table[0])];
  const rest = table.map((weight, k) => {
    const left = weight - table[0] * factors[0][Math.floor(k / size)] * factors[1][k % size];
    return Math.abs(left) > 1e-6 * Math.abs(table[0]) ? left : 0;
  });
  const [column, row] = factors.map(sums);
  return column && row && rest.filter(Boolean).length < 2 ? { column, row, rest } : whole;
}

/**
 * Weights as four [weight, offset], whose sums are summed up as they come, `order` times; null if it takes more: the first
 * or second differences of even weights are 0 nearly everywhere. The sums are exact where weights are whole: 0 stays 0.
 */
function sums(weights) {
  for (let order = 0, left = weights; order < 3; order += 1) {
    const taps = left.map((weight, offset) => [weight, offset]).filter(([weight]) => weight);
    if (taps.length <= 4) return { size: weights.length, order, taps: range(0, 3).map((n) => taps[n] ?? [0, 0]) };
    left = range(0, left.length).map((k) => (left[k - 1] ?? 0) - (left[k] ?? 0));
  }
  return null;
}

/** out[y, x] = sum_q weights[q] plane[y, x + q - pad]. */
function along(plane, height, width, { size, order, taps }, pad) {
  const columns = width + 2 * pad - size + 1, before = size - 1; // sums begin where nothing has been read
  const line = new Float64Array(before + order + width + 2 * pad), out = new Float32Array(height * columns);
  const [[a, i], [b, j], [c, k], [d, l]] = taps, [once, twice] = [order > 0, order > 1].map(Number);
  for (let y = 0, to = -before; y < height; y += 1, to += columns) {
    line.set(plane.subarray(y * width, (y + 1) * width), before + order + pad);
    for (let x = 0, slope = 0, sum = 0; x < before + columns; x += 1) {
      slope = twice * slope + (a * line[x + i] + b * line[x + j] + (c * line[x + k] + d * line[x + l]));
      sum = once * sum + slope;
      if (x >= before) out[to + x] = sum;
    }
  }
  return out;
}

/** out[y, x] = scale sum_p weights[p] plane[y + p - pad, x]. */
function down(plane, height, columns, { size, order, taps }, pad, scale) {
  const rows = height + 2 * pad - size + 1, before = size - 1, out = new Float32Array(rows * columns);
  const sum = new Float64Array(columns), slope = new Float64Array(columns), none = new Float32Array(columns);
  const row = (y) => (y >= 0 && y < height ? plane.subarray(y * columns, (y + 1) * columns) : none);
  const [[a], [b], [c], [d]] = taps, [once, twice] = [order > 0, order > 1].map(Number);
  for (let y = -before; y < rows; y += 1) {
    const [i, j, k, l] = taps.map(([, offset]) => row(y + offset - order - pad)), to = Math.max(0, y) * columns;
    for (let x = 0; x < columns; x += 1) { // rows above the first are written over
      slope[x] = twice * slope[x] + (a * i[x] + b * j[x] + (c * k[x] + d * l[x]));
      sum[x] = once * sum[x] + slope[x];
      out[to + x] = scale * sum[x];
    }
  }
  return out;
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

export function relu(map) {
  const out = new Float32Array(map.length);
  for (let i = 0; i < map.length; i += 1) out[i] = map[i] > 0 ? map[i] : 0;
  return out;
}

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
  const [red, green, blue] = range(0, CHANNELS - 1).map((c) => maps[c % maps.length]);
  const [[least, r], [low, g], [bottom, b]] = [red, green, blue].map((map) => {
    const { low, high } = itself ? summary(map) : { low: 0, high: 255 };
    return [low, high > low ? 255 / (high - low) : 0];
  });
  const out = new Uint32Array(red.length);
  for (let i = 0; i < out.length; i += 1) { // one number a pixel, from its last byte to its first
    out[i] = 255 << 24 | (blue[i] - bottom) * b + 0.5 << 16 | (green[i] - low) * g + 0.5 << 8 | (red[i] - least) * r + 0.5;
  }
  return new Uint8ClampedArray(out.buffer);
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

/** Opaque pixels of a filter, side × side: grey is 0, each weight as bright as it is large; planes one after the other. */
export function swatch(tables, size, side) {
  const most = Math.max(1e-9, ...tables.flatMap((table) => Array.from(table, Math.abs)));
  const planes = range(0, CHANNELS - 1).map((c) => tables[c % tables.length]);
  const colours = shades(planes.map((table) => table.map((weight) => 127.5 + (127.5 * weight) / most)), false);
  const cells = new Uint32Array(colours.buffer), out = new Uint32Array(side * side);
  const at = range(0, side - 1).map((place) => Math.floor((place * size) / side));
  at.forEach((from, y) => {
    if (from === at[y - 1]) out.copyWithin(y * side, (y - 1) * side, y * side);
    else at.forEach((column, x) => { out[y * side + x] = cells[from * size + column]; });
  });
  return new Uint8ClampedArray(out.buffer);
}
