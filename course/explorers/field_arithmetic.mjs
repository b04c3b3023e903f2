// Receptive fields through a stack of layers, along one line of a picture: rows and columns behave alike.

import { count, range, signed } from "./kit.mjs";

export const SIZE = [8, 48];
export const MOST_LAYERS = 5;
export const LIMITS = { kernel: [1, 7], stride: [1, 3], pad: [0, 3], dilation: [1, 4] };
const HELD = 0.9; // share of all paths that the effective field holds

/** Cells that the kernel of a layer [kernel, stride, pad, dilation] spans. */
export const extent = ([kernel, , , dilation]) => dilation * (kernel - 1) + 1;

/**
 * { cells, jump, sees, start } of the input and of each layer that fits: how many cells it has, how far apart two
 * neighbours look at the input, how many input cells one of them spans, and where the first is centred.
 */
export function levels(size, layers) {
  const found = [{ cells: size, jump: 1, sees: 1, start: 0 }];
  for (const layer of layers) {
    const [, stride, pad] = layer, { cells, jump, sees, start } = found.at(-1), over = extent(layer) - 1;
    const room = cells + 2 * pad - over - 1;
    if (room < 0) break;
    found.push({
      cells: Math.floor(room / stride) + 1, jump: jump * stride, sees: sees + over * jump,
      start: start + (over / 2 - pad) * jump,
    });
  }
  return found;
}

/** Why a stack ends early, or nothing. */
export function misfit(size, layers) {
  const found = levels(size, layers), i = found.length - 1;
  if (i === layers.length) return "";
  const { cells } = found[i], span = extent(layers[i]), pad = layers[i][2];
  const below = i ? `layer ${i}` : "the input";
  return `Layer ${i + 1} does not fit: its kernel spans ${span} cells, and ${below} has ${cells + 2 * pad} with padding. ` +
    `It would fit with pad ${Math.ceil((span - cells) / 2)}, or ${span - 2 * pad} cells below.`;
}

/** How many paths lead from a cell down to each cell of each level: paths[level][cell], Maps; padding ends a path. */
export function down(size, layers, level, cell) {
  const found = levels(size, layers), paths = [new Map([[cell, 1]])];
  for (let at = level; at > 0; at -= 1) {
    const [kernel, stride, pad, dilation] = layers[at - 1], below = new Map();
    for (const [i, n] of paths[0]) {
      for (const t of range(0, kernel - 1)) {
        const j = i * stride - pad + t * dilation;
        if (j >= 0 && j < found[at - 1].cells) below.set(j, (below.get(j) ?? 0) + n);
      }
    }
    paths.unshift(below);
  }
  return paths;
}

/** The cells that read a cell: up[0] those of the level itself, up[1] those of the next, and so on. */
export function up(size, layers, level, cell) {
  const found = levels(size, layers), readers = [[cell]];
  for (let at = level; at + 1 < found.length; at += 1) {
    const [kernel, stride, pad, dilation] = layers[at], reads = new Set(readers.at(-1));
    readers.push(range(0, found[at + 1].cells - 1).filter((i) =>
      range(0, kernel - 1).some((t) => reads.has(i * stride - pad + t * dilation))));
  }
  return readers;
}

/** The fewest input cells that hold 90 % of all paths, and how many paths there are. */
export function effective(paths) {
  const counts = Array.from(paths.values()).sort((a, b) => b - a), all = counts.reduce((sum, n) => sum + n, 0);
  let held = 0;
  const cells = counts.findIndex((n) => (held += n) >= HELD * all) + 1;
  return { cells, all };
}

/** First and last input cell that a cell spans, some perhaps in the padding, and its centre. */
export function field({ jump, sees, start }, cell) {
  const centre = start + cell * jump;
  return { first: centre - (sees - 1) / 2, last: centre + (sees - 1) / 2, centre };
}

/** The cell of a level that looks nearest to this place of the input. */
export const nearest = ({ cells, jump, start }, place) =>
  Math.max(0, Math.min(cells - 1, Math.round((place - start) / jump)));

const called = (level, cell) => `${level ? `Layer ${level}` : "The input"}, cell ${cell}`;

/** What a cell sees, and what sees it. */
export function sentence(size, layers, level, cell) {
  const found = levels(size, layers), { jump, sees } = found[level], { first, last, centre } = field(found[level], cell);
  const outside = Math.min(sees, Math.max(0, -first) + Math.max(0, last - size + 1));
  const paths = down(size, layers, level, cell)[0], { cells, all } = effective(paths), said = [];
  if (level) {
    said.push(`${called(level, cell)} sees ${count(sees, "input cell")}, from ${signed(first)} to ${signed(last)}, ` +
      `around ${signed(centre)}; its neighbour looks ${count(jump, "cell")} further.`);
    if (outside) said.push(`${outside} of them ${outside > 1 ? "lie" : "lies"} in the padding.`);
    if (paths.size < sees - outside) said.push(`It reads only ${paths.size} of the others.`);
    if (all) said.push(`${count(all, "path")} lead${all > 1 ? "" : "s"} to the input, 90 % of them to ${count(cells, "cell")}.`);
  } else said.push(`${called(level, cell)} sees itself.`);
  const readers = up(size, layers, level, cell), top = found.length - 1;
  if (level < top) said.push(`${count(readers.at(-1).length, "cell") || "No cell"} of layer ${top} can see it.`);
  return said.join(" ");
}

/** A random stack to guess about. */
export function puzzle(random) {
  const pick = (list) => list[Math.floor(random() * list.length)];
  const layers = range(1, pick([2, 3, 4])).map(() => [pick([3, 3, 5]), pick([1, 1, 2]), 1, pick([1, 1, 2])]);
  return { size: SIZE[1], layers };
}

/** Whether a guess, as it was typed, is what a cell of the last layer sees, and why. */
export function judgeSees(size, layers, guess) {
  const found = levels(size, layers), { sees } = found.at(-1);
  const parts = layers.slice(0, found.length - 1).map((layer, i) => `${extent(layer) - 1}·${found[i].jump}`);
  return [Number.parseInt(guess, 10) === sees, `It sees 1 + ${parts.join(" + ")} = ${sees}.`];
}
