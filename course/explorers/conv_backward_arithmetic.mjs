// The way back through one convolution, seen from the receiving side. conv_backward_arithmetic.py says the same.

import { axes, extent, outputs, pixel, sentence, weight, windowAt } from "./conv_arithmetic.mjs";
import { count, range, signed } from "./kit.mjs";
import { scatter } from "./scatter.mjs";

const UPSTREAM = [-2, -1, 1, 2, 3];
const table = (rows, columns, value) =>
  range(0, rows - 1).map((r) => range(0, columns - 1).map((c) => value(r, c)));

export const upstream = (seed, r, c) => UPSTREAM[scatter(seed, r, c, 2) % UPSTREAM.length];

/** dout; dout with zeros between and around; the turned kernel; the padded input; dx. */
export function backward(g, seed) {
  const [rows, columns] = axes(g), border = extent(g) - 1, taps = range(0, g.kernel - 1);
  const dout = table(rows.out, columns.out, (r, c) => upstream(seed, r, c));
  const place = (at, a) => (at >= 0 && at % g.stride === 0 && at / g.stride < a.out ? at / g.stride : -1);
  const spread = table(rows.padded + border, columns.padded + border, (r, c) =>
    dout[place(r - border, rows)]?.[place(c - border, columns)] ?? 0);
  const turned = taps.map((i) => taps.map((j) => weight(seed, g.kernel - 1 - i, g.kernel - 1 - j)));
  const x = table(rows.padded, columns.padded, (r, c) => pixel(g, seed, r - g.pad, c - g.pad));
  const dx = table(g.height, g.width, (r, c) => {
    let sum = 0;
    for (const i of taps) {
      const line = spread[r + g.pad + g.dilation * i];
      for (const j of taps) sum += turned[i][j] * line[c + g.pad + g.dilation * j];
    }
    return sum;
  });
  return { dout, spread, turned, x, dx };
}

/** dw and db, summed over the first `places` output cells, row by row. */
export function accumulated(g, { dout, x }, places) {
  const wide = axes(g)[1].out;
  const dw = table(g.kernel, g.kernel, () => 0);
  let db = 0;
  for (const n of range(0, places - 1)) {
    const r = Math.floor(n / wide), c = n % wide;
    db += dout[r][c];
    dw.forEach((line, i) => line.forEach((_, j) => {
      line[j] += dout[r][c] * x[g.stride * r + g.dilation * i][g.stride * c + g.dilation * j];
    }));
  }
  return { dw, db };
}

/** [o, p, i, j] of each product dout[o, p] w[i, j] in dx[row, column]. */
export function feeders(g, row, column) {
  const [rows, columns] = axes(g);
  const meetings = (place, a) => range(0, a.out - 1).map((o) => [o, (place - g.stride * o) / g.dilation])
    .filter(([, i]) => Number.isInteger(i) && i >= 0 && i < g.kernel);
  return meetings(row + g.pad, rows).flatMap(([o, i]) =>
    meetings(column + g.pad, columns).map(([p, j]) => [o, p, i, j]));
}

export function inputCell(g, position) {
  const index = Math.min(position, g.height * g.width - 1);
  return [Math.floor(index / g.width), index % g.width];
}

export function recipe(g, view) {
  if (!outputs(g)) return `${sentence(g)} Nothing comes back: all gradients are 0.`;
  if (view === "dw") {
    return "dw = the sum over all windows of (its dout) × (the input that the window saw); db = the sum of dout.";
  }
  const between = g.stride - 1, around = extent(g) - 1;
  return `dx = dout with ${between || "no"} zero${between === 1 ? "" : "s"} between its cells and ` +
    `${around || "none"} around it, convolved with the kernel turned by 180°` +
    `${g.pad ? `, then ${g.pad} cut off on each side` : ""}.`;
}

export function cellWords(g, seed, view, position, numbers = backward(g, seed)) {
  if (!outputs(g)) return "";
  if (view === "dw") {
    const [r, c] = windowAt(g, position), done = r * axes(g)[1].out + c + 1;
    return `After ${done} of ${outputs(g)} windows: dout[${r}, ${c}] = ${signed(numbers.dout[r][c])}, ` +
      `db = ${signed(accumulated(g, numbers, done).db)}.`;
  }
  const [r, c] = inputCell(g, position);
  return `dx[${r}, ${c}] = ${signed(numbers.dx[r][c])}, ` +
    `fed by ${count(feeders(g, r, c).length, "dout cell") || "no dout cell"}.`;
}

/** The cell at this place as sums to follow by hand. */
export function backwardLines(g, seed, view, position, numbers) {
  if (!outputs(g)) return [];
  if (view === "dw") {
    const [r, c] = windowAt(g, position), d = signed(numbers.dout[r][c]), taps = range(0, g.kernel - 1);
    return taps.map((i) => `dw[${i}, :] += ${d} · (${taps.map((j) =>
      numbers.x[g.stride * r + g.dilation * i][g.stride * c + g.dilation * j]).join(" ")})`);
  }
  const [r, c] = inputCell(g, position), fed = feeders(g, r, c);
  const product = ([o, p, i, j]) => [numbers.dout[o][p], weight(seed, i, j)];
  return [...fed.map((at) => `dout[${at[0]}, ${at[1]}] · w[${at[2]}, ${at[3]}] = ` +
    `${product(at).map(signed).join(" · ")} = ${signed(product(at)[0] * product(at)[1])}`),
  `dx[${r}, ${c}] = ${signed(numbers.dx[r][c])}`];
}
