// Lines and marks on a canvas, for explorers that draw curves.

/** Draw a line through points [x, y]. */
export function stroke(pen, points, colour, width, dash = []) {
  pen.setLineDash(dash);
  Object.assign(pen, { strokeStyle: colour, lineWidth: width, lineJoin: "round" });
  pen.beginPath();
  for (const point of points) pen.lineTo(...point);
  pen.stroke();
  pen.setLineDash([]);
}

/** Write a mark around a point; a rim in the page's colour keeps it apart from the lines. */
export function mark(pen, text, x, y, colour, { size, dark }) {
  Object.assign(pen, { font: `${size}px system-ui, sans-serif`, textAlign: "center", textBaseline: "middle", lineWidth: 3,
                       strokeStyle: dark ? "#111" : "#fff", fillStyle: colour });
  pen.strokeText(text, x, y);
  pen.fillText(text, x, y);
}
