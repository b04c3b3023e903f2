// The window of a kernel, drawn once and then moved.

import { openCanvas } from "./board.mjs";
import { ORANGE, range, tint } from "./kit.mjs";

/** Draw the cells that a kernel with this dilation reads, and a frame around them. */
export function drawWindow(canvas, kernel, dilation, cell, ink) {
  const side = (dilation * (kernel - 1) + 1) * cell, pen = openCanvas(canvas, side, side);
  const taps = range(0, kernel - 1).map((i) => dilation * i * cell);
  pen.fillStyle = tint(ORANGE, 0.25);
  for (const top of taps) for (const left of taps) pen.fillRect(left + 0.5, top + 0.5, cell - 1, cell - 1);
  const frames = [{ lineWidth: 5, strokeStyle: ink }, { lineWidth: 2.5, strokeStyle: tint(ORANGE, 1) }];
  for (const style of frames) Object.assign(pen, style).strokeRect(2.5, 2.5, side - 5, side - 5);
}

/** Move what lies on a board to a cell. */
export const moveTo = (element, [row, column], cell) => {
  element.style.translate = `${column * cell}px ${row * cell}px`;
};

/** Outline cells on a canvas that lies on a board of this size. */
export function outline(canvas, rows, columns, cells, cell, ink) {
  const pen = openCanvas(canvas, columns * cell, rows * cell);
  Object.assign(pen, { strokeStyle: ink, lineWidth: 3 });
  pen.setLineDash([3, 3]);
  for (const [r, c] of cells) pen.strokeRect(c * cell + 3, r * cell + 3, cell - 6, cell - 6);
}
