// Boards of cells: a positioned element with canvases for what is many and elements for what moves.

import { clamp, range } from "./kit.mjs";

const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const CELL_SIZES = [34, 30, 26, 24];
const CANVAS_STEP = 160;
const MOST_STAMPS = 999;
const stampsOf = new WeakMap(); // by explorer, which has its own hatches

/** The largest size of a cell, in px, with which `across` cells find room; boards that need more scroll. */
export const cellSize = (room, across) => CELL_SIZES.find((size) => size * across <= room) ?? CELL_SIZES.at(-1);

/** Clear a canvas of at least this size. A new bitmap costs a frame: it only grows, in steps, and the board clips it. */
export function openCanvas(canvas, ...size) {
  const scale = window.devicePixelRatio, pen = canvas.getContext("2d"), last = canvas.opened ?? [0, 0];
  if (canvas.scale !== scale || size.some((length, i) => length > last[i])) {
    const grown = size.map((length, i) => Math.max(last[i], Math.ceil(length / CANVAS_STEP) * CANVAS_STEP));
    const [width, height] = grown.map((length) => Math.round(length * scale));
    Object.assign(canvas, { width, height, scale, opened: grown });
    Object.assign(canvas.style, { width: `${grown[0]}px`, height: `${grown[1]}px` });
    pen.scale(scale, scale);
  }
  pen.clearRect(0, 0, ...canvas.opened);
  return pen;
}

/** A pattern of diagonal lines, or of crossed ones. */
export function hatching(colour, crossed = false) {
  const tile = Object.assign(document.createElement("canvas"), { width: 8, height: 8 });
  const pen = tile.getContext("2d");
  pen.strokeStyle = colour;
  for (const x of [-8, 0, 8]) {
    pen.moveTo(x - 1, 9), pen.lineTo(x + 9, -1);
    if (crossed) pen.moveTo(x - 1, -1), pen.lineTo(x + 9, 9);
  }
  pen.stroke();
  return pen.createPattern(tile, "repeat");
}

/**
 * Paint cells and their text on a board's first canvas; look(row, column) gives [text, ...fills], each fill a
 * colour, a name in `hatches` or "box", an outline. What has not changed is not painted again, what is out of sight
 * when it comes into sight (see stage.mjs); what lies on the cells lets their text through.
 */
export function paint(board, rows, columns, style, look) {
  Object.assign(board.style, { width: `${columns * style.cell}px`, height: `${rows * style.cell}px` });
  board.hidden = rows * columns === 0;
  board.repaint = () => paintCells(board, rows, columns, style, look);
  if (!board.away) board.repaint();
}

/** Paint a board. A cell is drawn once and then stamped: lines and letters cost the most of a frame. */
function paintCells(board, rows, columns, { cell, ink, hatches }, look) {
  const looks = range(0, rows * columns - 1).map((i) => look(Math.floor(i / columns), i % columns));
  const longest = Math.max(1, ...looks.map(([text]) => text.length)), scale = window.devicePixelRatio;
  const size = Math.max(12, Math.min(cell / 2, (cell * 1.5) / longest)), keys = looks.map(String);
  const style = `${[scale, cell, ink, size]} `, content = style + [columns, ...keys].join(";");
  if (board.content === content) return;
  board.content = content;
  const stamps = stampsOf.get(hatches) ?? stampsOf.set(hatches, new Map()).get(hatches);
  if (stamps.size > MOST_STAMPS) stamps.clear();
  const pen = openCanvas(board.querySelector("canvas"), columns * cell, rows * cell);
  keys.forEach((key, i) => {
    const name = style + key;
    if (!stamps.has(name)) stamps.set(name, stamp(looks[i], { cell, ink, hatches, scale, size }));
    const tile = stamps.get(name), side = tile.width / scale;
    pen.drawImage(tile, (i % columns) * cell, Math.floor(i / columns) * cell, side, side);
  });
}

function stamp([text, ...fills], { cell, ink, hatches, scale, size }) {
  const side = Math.ceil(cell * scale), tile = new OffscreenCanvas(side, side), pen = tile.getContext("2d");
  pen.scale(scale, scale);
  const font = `${size}px ui-monospace, monospace`;
  Object.assign(pen, { font, textAlign: "center", textBaseline: "middle", strokeStyle: ink, lineWidth: 2 });
  for (const fill of fills) {
    pen.fillStyle = hatches[fill] ?? fill;
    if (fill === "box") pen.strokeRect(2, 2, cell - 4, cell - 4);
    else pen.fillRect(0.5, 0.5, cell - 1, cell - 1);
  }
  pen.fillStyle = ink;
  pen.fillText(text, 0.5 * cell, 0.53 * cell, cell - 3);
  return tile.transferToImageBitmap();
}

/** Arrows move over the cells of a board, Home and End go to its ends, space calls `space`; no key leaks. */
export function onKeys(board, { size, at, go, space }) {
  board.addEventListener("keydown", (event) => {
    const [high, wide] = size(), [row, column] = at(), by = ARROWS[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (by) go([clamp(row + by[0], high), clamp(column + by[1], wide)]);
    else if (event.key === "Home") go([0, 0]);
    else if (event.key === "End") go([high - 1, wide - 1]);
    else if (event.key === " " && space) space();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
}

/** [row, column] under the pointer. An event's offsets count from the board: what lies on it lets them through. */
export const cellAt = ({ offsetX: x, offsetY: y, currentTarget: board }, cell) =>
  [[y, board.clientHeight], [x, board.clientWidth]].map(([at, size]) => Math.floor(clamp(at, size) / cell));
