// Pooling: what a window keeps, and who gets its gradient. pool_arithmetic.py says the same word for word.

import { both, range, signed } from "./kit.mjs";
import { scatter } from "./scatter.mjs";

export const LIMITS = { height: [1, 10], width: [1, 10], size: [1, 6], stride: [1, 6] };
export const NAMES = ["height", "width", "size", "stride", "kind", "few", "ties"];
const UPSTREAM = [-2, -1, 1, 2, 3];
const PRIME = 101;

export const table = (rows, columns, value) =>
  range(0, rows - 1).map((r) => range(0, columns - 1).map((c) => value(r, c)));
export const shape = (p) => [p.height, p.width].map((side) =>
  (side < p.size ? 0 : Math.floor((side - p.size) / p.stride) + 1));
export const windows = (p) => shape(p)[0] * shape(p)[1];

export function placeAt(p, position) {
  const index = Math.min(position, windows(p) - 1), wide = shape(p)[1];
  return [Math.floor(index / wide), index % wide];
}

const pixel = (p, seed, r, c) =>
  (p.few ? 1 + scatter(seed, r, c, 3) % 3 : ((r * 10 + c + 1) * (17 + seed % 67)) % PRIME);

/** Cells [row, column, share] of a window: how much of its gradient each gets. */
export function shared(p, seed, [row, column]) {
  const cells = table(p.size, p.size, (i, j) => [row * p.stride + i, column * p.stride + j]).flat();
  const values = cells.map(([r, c]) => pixel(p, seed, r, c)), n = cells.length;
  const most = Math.max(...values), first = values.indexOf(most), winners = values.filter((v) => v === most).length;
  const order = range(0, n - 1).sort((a, b) => values[a] - values[b] || a - b);
  const middle = order.slice(Math.floor((n - 1) / 2), Math.floor(n / 2) + 1);
  const share = {
    average: () => 1 / n,
    median: (k) => (middle.includes(k) ? 1 / middle.length : 0),
    max: (k) => (values[k] !== most ? 0 : p.ties === "all" ? 1 : p.ties === "equal" ? 1 / winners
      : Number(k === first)),
  }[p.kind];
  return { values, cells: cells.map(([r, c], k) => [r, c, share(k)]) };
}

/** The input, the output, dout, dx and the summed shares. */
export function pooling(p, seed) {
  const [rows, columns] = shape(p);
  const x = table(p.height, p.width, (r, c) => pixel(p, seed, r, c));
  const dout = table(rows, columns, (r, c) => UPSTREAM[scatter(seed, r, c, 2) % UPSTREAM.length]);
  const [dx, mask] = [0, 0].map(() => table(p.height, p.width, () => 0));
  const out = table(rows, columns, (r, c) => {
    const { values, cells } = shared(p, seed, [r, c]);
    for (const [i, j, share] of cells) {
      mask[i][j] += share;
      dx[i][j] += dout[r][c] * share;
    }
    return p.kind === "max" ? Math.max(...values) : cells.reduce((sum, [, , share], k) => sum + share * values[k], 0);
  });
  return { x, out, dout, dx, mask };
}

/** Input cells [row, column] that get gradient from this window. */
export const receivers = (p, seed, position) =>
  shared(p, seed, placeAt(p, position)).cells.filter(([, , share]) => share).map(([r, c]) => [r, c]);

export function sentence(p) {
  const [rows, columns] = shape(p), overlap = p.size - p.stride;
  if (!rows || !columns) {
    return `A window of ${p.size} × ${p.size} does not fit into ${p.height} × ${p.width}: there is no output.`;
  }
  const rest = (side, noun) => {
    const n = (side - p.size) % p.stride;
    return n ? `the last ${n > 1 ? `${n} ${noun}s` : noun}` : "";
  };
  const lost = both(rest(p.height, "row"), rest(p.width, "column"));
  const how = rows * columns === 1 ? "One window" : overlap > 0 ? `Neighbours overlap by ${overlap}`
    : overlap === 0 ? "No input is in two windows" : `Gaps of ${-overlap} between the windows`;
  return `places = (N − F)/S + 1: ${rows} × ${columns} windows of ${p.size} × ${p.size}. ` +
    `${how}${lost ? `; no window reaches ${lost}` : ""}.`;
}

export const fitsExactly = (p) =>
  [p.height, p.width].every((side) => side >= p.size && (side - p.size) % p.stride === 0);

/** [size, stride] nearest to the present ones that leave nothing over. */
export function nearest(p) {
  const far = ([size, stride]) => Math.abs(size - p.size) + Math.abs(stride - p.stride);
  return table(6, 6, (i, j) => [i + 1, j + 1]).flat()
    .filter(([size, stride]) => fitsExactly({ ...p, size, stride })).sort((a, b) => far(a) - far(b))[0];
}

export const short = (number) => signed(Math.round(number * 100) / 100);

export function words(p, seed, view, position, numbers = pooling(p, seed)) {
  if (!windows(p)) return "";
  const [r, c] = placeAt(p, position), { values, cells } = shared(p, seed, [r, c]);
  if (view === "forward") return `out[${r}, ${c}] = ${p.kind}(${values.join(", ")}) = ${short(numbers.out[r][c])}.`;
  const given = cells.filter(([, , share]) => share), d = numbers.dout[r][c], each = short(given[0][2] * d);
  const what = given.length === 1 ? `x[${given[0][0]}, ${given[0][1]}] gets ${each}`
    : `${given.length} inputs get ${each} each`;
  return `dout[${r}, ${c}] = ${short(d)}: ${what}.`;
}

/** Whether these cells, ["row, column", ...], are those that get gradient, and who does. */
export function judgeReceivers(p, seed, position, marked) {
  const right = receivers(p, seed, position).map((cell) => cell.join(", "));
  const same = right.length === marked.length && right.every((cell) => marked.includes(cell));
  const all = right.length === p.size ** 2 && right.length > 1;
  return [same, `It goes to ${all ? "every input of the window" : right.map((cell) => `x[${cell}]`).join(", ")}.`];
}
