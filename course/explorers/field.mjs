// Receptive fields, shown: each layer a line of cells over the input, and the cones of one cell, down and up.

import { onKeys, openCanvas } from "./board.mjs";
import {
  LIMITS, MOST_LAYERS, SIZE, down, field, judgeSees, levels, misfit, nearest, puzzle, sentence, up,
} from "./field_arithmetic.mjs";
import { BLUE, GREEN, GREY, ORANGE, VERMILLION, clamp, range, tint } from "./kit.mjs";
import { player } from "./player.mjs";
import { question } from "./question.mjs";
import { settings } from "./settings.mjs";
import { openStage } from "./stage.mjs";

const ONE_MORE = [3, 1, 1, 1];
const NAMES = Object.keys(LIMITS);
const HIGH = 26, STEP = 52, LEFT = 58, BARS = 74; // px: a line of cells, the way to the next, names, effective field

const BODY = `
<div class="stack"></div>
${range(1, MOST_LAYERS).map((n) => `<div class="layer" role="group" aria-label="layer ${n}"><span>layer ${n}</span><div></div></div>`).join("")}
<div class="quiz"></div>
<div class="says secret"><p class="misfit"></p><p class="sentence"></p></div>
<div class="player secret"></div>
<div class="boards secret"><figure><figcaption></figcaption><div class="board cone" tabindex="0" role="application"
  aria-label="layers over the input: left and right pick a cell, up and down a layer, space plays"><canvas></canvas></div>
</figure></div>
<p class="legend secret">framed: your cell · orange, below it: what it reads · green with a dot, above it: what reads it ·
grey: padding ·
bars: how many paths lead from your cell to each input cell, the effective field</p>
<table class="secret"><caption>Counted in input cells:</caption>
<tr><td></td><th scope="col">cells</th><th scope="col">jump</th><th scope="col">sees</th><th scope="col">first centre</th></tr>
${range(0, MOST_LAYERS).map((n) => `<tr class="level"><th scope="row">${n ? `layer ${n}` : "input"}</th>
  <td></td><td></td><td></td><td></td></tr>`).join("")}</table>`;

function render({ model, el }) {
  const stage = openStage({ model, el }, BODY), { root, $, set, announce } = stage;
  const board = $(".cone"), lines = root.querySelectorAll(".layer"), rows = root.querySelectorAll(".level");
  let size, layers, found, unit, least;

  const showStack = settings($(".stack"), {
    size: { label: "input cells", limits: SIZE }, depth: { label: "layers", limits: [1, MOST_LAYERS] },
  }, ({ size: cells, depth }) => set(cells ? { size: cells } : { layers: ofDepth(depth) }));
  const kinds = Object.fromEntries(NAMES.map((name) => [name, { label: name, limits: LIMITS[name] }]));
  const showLayers = Array.from(lines, (line, i) => settings(line.lastElementChild, kinds, (change) => {
    set({ layers: layers.map((layer, n) => (n === i ? NAMES.map((name, k) => change[name] ?? layer[k]) : layer)) });
  }));

  const ofDepth = (depth) => range(0, depth - 1).map((i) => layers[i] ?? ONE_MORE);
  const chosen = () => {
    const level = clamp(model.get("level"), found.length);
    return [level, clamp(model.get("cell"), found[level].cells)];
  };
  const go = ([level, cell]) => {
    play.stop();
    const [was, at] = chosen();
    const there = level === was ? cell : nearest(found[level], field(found[was], at).centre);
    set({ level, cell: there });
  };
  const play = player($(".player"), stage, {
    places: () => found[chosen()[0]].cells, at: () => chosen()[1], go: (cell) => stage.keep({ cell }),
    said: (cell) => sentence(size, layers, chosen()[0], cell), noun: "cell",
  });

  question($(".quiz"), stage, {
    ask() {
      const asked = puzzle(Math.random);
      set({ ...asked, level: asked.layers.length, cell: 0 });
      return { text: "How many input cells does one cell of the last layer see (with padding)?" };
    },
    judge: (guess) => judgeSees(size, layers, guess),
  });

  function draw() {
    ({ size, layers } = stage.get(["size", "layers"]));
    found = levels(size, layers);
    showStack({ size, depth: layers.length });
    lines.forEach((line, i) => {
      line.hidden = i >= layers.length;
      if (layers[i]) showLayers[i](Object.fromEntries(NAMES.map((name, k) => [name, layers[i][k]])));
    });
    rows.forEach((row, i) => {
      row.hidden = i >= found.length;
      if (!found[i]) return;
      const { cells, jump, sees, start } = found[i], values = [cells, jump, sees, start];
      row.querySelectorAll("td").forEach((td, k) => { td.textContent = `${values[k]}`.replace("-", "−"); });
    });
    const why = misfit(size, layers);
    $(".misfit").textContent = why;
    $(".says").classList.toggle("amiss", Boolean(why));
    place();
  }

  const middle = ({ start, jump }, i) => LEFT + (start + i * jump - least) * unit;
  const top = (level) => (found.length - 1 - level) * STEP + 4;

  function place() {
    const [level, cell] = chosen(), paths = down(size, layers, level, cell), readers = up(size, layers, level, cell);
    const { first, last } = field(found[level], cell);
    const ends = found.flatMap(({ cells, jump, start }) => [start - jump / 2, start + (cells - 0.5) * jump]);
    least = Math.min(-0.5, first - 0.5, ...ends);
    const across = Math.max(size - 0.5, last + 0.5, ...ends) - least, wide = stage.width - 12;
    unit = Math.min(26, (wide - LEFT - 2) / across);
    const high = top(0) + HIGH + BARS;
    Object.assign(board.style, { width: `${wide}px`, height: `${high}px` });
    const pen = openCanvas(board.firstElementChild, wide, high);
    Object.assign(pen, { font: "12px system-ui, sans-serif", textBaseline: "middle", textAlign: "left" });
    cones(pen, level, cell, paths, readers);
    found.forEach((line, n) => drawLine(pen, line, n, n <= level ? paths[n] : null, n >= level ? readers[n - level] : []));
    frame(pen, level, cell);
    drawPaths(pen, paths[0], first, last);
    $(".sentence").textContent = sentence(size, layers, level, cell);
    board.previousElementSibling.textContent = level ? `layer ${level}, cell ${cell}` : `input, cell ${cell}`;
    play.show();
    announce(`${$(".misfit").textContent} ${$(".sentence").textContent}`);
  }

  function box(line, i) {
    const wide = Math.max(2, Math.min(line.jump * unit - 1.5, 34));
    return [middle(line, i) - wide / 2, wide];
  }

  function drawLine(pen, line, n, paths, readers) {
    pen.fillStyle = stage.ink;
    pen.fillText(n ? `layer ${n}` : "input", 2, top(n) + HIGH / 2);
    const reads = new Set(readers);
    for (const i of range(0, line.cells - 1)) {
      const [x, wide] = box(line, i), read = paths?.has(i), reader = reads.has(i);
      pen.fillStyle = read ? tint(ORANGE, 0.9) : reader ? tint(GREEN, 0.9) : tint(BLUE, 0.35);
      pen.fillRect(x, top(n), wide, HIGH);
      if (!reader || read) continue;
      pen.fillStyle = stage.ink;
      pen.fillRect(x + wide / 2 - 1.5, top(n) + HIGH / 2 - 1.5, 3, 3);
    }
  }

  function cones(pen, level, cell, paths, readers) {
    const spread = (line, cells) => [Math.min(...cells), Math.max(...cells)].map((i) => box(line, i));
    const quad = (n, below, above, colour) => {
      if (!below.length || !above.length) return;
      const [[a], [b, wide]] = spread(found[n], below), [[c], [d, narrow]] = spread(found[n + 1], above);
      pen.fillStyle = tint(colour, 0.25);
      pen.beginPath();
      for (const [x, y] of [[a, top(n)], [b + wide, top(n)], [d + narrow, top(n + 1) + HIGH], [c, top(n + 1) + HIGH]]) {
        pen.lineTo(x, y);
      }
      pen.fill();
    };
    for (const n of range(0, level - 1)) quad(n, [...paths[n].keys()], [...paths[n + 1].keys()], ORANGE);
    for (const n of range(level, found.length - 2)) quad(n, readers[n - level], readers[n - level + 1], GREEN);
  }

  function frame(pen, level, cell) {
    const [x, wide] = box(found[level], cell);
    Object.assign(pen, { strokeStyle: stage.ink, lineWidth: 3 });
    pen.strokeRect(x - 1, top(level) - 1, wide + 2, HIGH + 2);
  }

  function drawPaths(pen, paths, first, last) {
    const y = top(0) + HIGH + 8, most = Math.max(...paths.values()), [line] = found;
    const [left, right] = [middle(line, first) - unit / 2, middle(line, last) + unit / 2];
    Object.assign(pen, { strokeStyle: stage.ink, lineWidth: 2 });
    pen.strokeRect(left, y, right - left, 1); // the theoretical field, with what lies in the padding
    for (const [i, n] of paths) {
      const [x, wide] = box(line, i), tall = Math.max(1, (n / most) * (BARS - 30));
      pen.fillStyle = tint(VERMILLION, 0.85);
      pen.fillRect(x, y + 4, wide, tall);
    }
    pen.fillStyle = stage.ink;
    pen.fillText("paths", 2, y + 18);
    pen.textAlign = "center";
    for (const i of [0, size - 1]) pen.fillText(`${i}`, Math.min(middle(line, i), stage.width - 24), y + BARS - 16);
    pen.textAlign = "left";
    pen.fillStyle = tint(GREY, 0.5);
    if (left < middle(line, 0) - unit / 2) pen.fillRect(left, top(0), middle(line, 0) - unit / 2 - left, HIGH);
    const end = middle(line, size - 1) + unit / 2;
    if (right > end) pen.fillRect(end, top(0), right - end, HIGH);
  }

  board.onclick = ({ offsetX: x, offsetY: y }) => {
    const level = found.length - 1 - clamp(Math.floor((y + STEP / 4) / STEP), found.length);
    play.stop();
    set({ level, cell: nearest(found[level], (x - LEFT) / unit + least) });
  };
  onKeys(board, { // the first row of the board is the last layer
    size: () => [found.length, found[chosen()[0]].cells], space: play.toggle,
    at: () => [found.length - 1 - chosen()[0], chosen()[1]],
    go: ([row, cell]) => go([found.length - 1 - row, cell]),
  });
  stage.hear(["size", "layers"], draw);
  stage.hear(["level", "cell"], place);
  return stage.open(draw);
}

export default { render };
