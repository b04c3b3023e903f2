// Weight sharing, shown: one weight changes, and the outputs that use it; the layer as a matrix.

import { cellAt, cellSize, hatching, onKeys, paint } from "./board.mjs";
import { axes, outputs } from "./conv_arithmetic.mjs";
import {
  BLUE, DEEP_BLUE, GREEN, GREY, ORANGE, PURPLE, VERMILLION, YELLOW, clamp, signed, tint,
} from "./kit.mjs";
import { settings } from "./settings.mjs";
import {
  LAYERS, LETTERS, LIMITS, NAMES, counts, geometry, matrix, result, tap, users, words,
} from "./sharing_arithmetic.mjs";
import { openStage } from "./stage.mjs";
import { moveTo, outline } from "./window.mjs";

const LABELS = { height: "height N", width: "width N", kernel: "kernel F", stride: "stride S" };
const COLOURS = [BLUE, ORANGE, GREEN, PURPLE, YELLOW, VERMILLION, DEEP_BLUE, GREY];
const BETWEEN_BOARDS = 60;
const board = (name, label) => `<figure><figcaption></figcaption><div class="board ${name}" tabindex="0"
role="application" aria-label="${label}"><canvas></canvas><div class="here"></div>
<canvas class="marks"></canvas></div></figure>`;

const BODY = `<div class="settings" style="--least: min(300px, 40%)"></div>
<div class="says"><p class="words"></p></div>
<div class="boards">${board("kernel", "kernel: arrow keys choose a weight, plus and minus change it")}
<figure><figcaption></figcaption><div class="board input" role="img"><canvas></canvas></div></figure>
${board("output", "output: arrow keys choose an output")}</div>
<div class="boards">${board("matrix", "matrix, a row for each output: arrow keys choose a weight")}</div>
<p class="legend"></p>
<table><caption>Between the same cells, without bias:</caption>
<tr><td></td><th scope="col">weights</th><th scope="col">multiply-adds</th></tr>
${LAYERS.map((layer) => `<tr><th scope="row">${layer}</th><td></td><td></td></tr>`).join("")}</table>`;

function render({ model, el }) {
  const stage = openStage({ model, el }, BODY), { root, $, set } = stage;
  const [kernelBoard, inputBoard, outputBoard, matrixBoard] = root.querySelectorAll(".board");
  const titles = root.querySelectorAll("figcaption");
  const rows = [...root.querySelectorAll("tr")].slice(1);
  const hatches = { changed: hatching(tint(VERMILLION, 0.7)) };
  const showSettings = settings($(".settings"), {
    layer: { label: "layer", choices: LAYERS },
    change: { label: "add to the weight", limits: [-3, 3], text: signed },
    ...Object.fromEntries(Object.entries(LABELS).map(([name, label]) => [name, { label, limits: LIMITS[name] }])),
  }, set);
  let s, now, cell;

  const width = () => axes(geometry(s))[1].out;
  const last = () => outputs(geometry(s)) - 1;
  const colour = (k) => tint(COLOURS[k % COLOURS.length], k < COLOURS.length ? 0.4 : 0.7);

  function draw() {
    s = stage.get(NAMES);
    now = stage.get(["chosen", "position", "change", "seed"]);
    now.chosen = tap(s, now.chosen);
    now.position = Math.min(now.position, last());
    showSettings({ ...s, change: now.change });
    $(".words").textContent = words(s, now.chosen, now.position, now.change);
    $(".says").classList.toggle("amiss", last() < 0);
    drawBoards();
    const counted = counts(s);
    LAYERS.forEach((layer, n) => {
      rows[n].querySelectorAll("td").forEach((td, i) => { td.textContent = counted[layer][i].toLocaleString("en"); });
      rows[n].style.fontWeight = layer === s.layer ? "bold" : "";
    });
    stage.announce($(".words").textContent);
  }

  function drawBoards() {
    const { chosen, position, change, seed } = now, style = { ink: stage.ink, hatches };
    const { x, w, table, before, after } = result(s, seed, chosen, position, change);
    const used = users(s, position), inputs = s.height * s.width, isConv = s.layer === "convolution";
    style.cell = cell = cellSize(stage.width - BETWEEN_BOARDS, inputs + 1);
    paint(kernelBoard, s.kernel, s.kernel, style, (i, j) => {
      const k = i * s.kernel + j, value = w[i][j] + (k === chosen ? change : 0);
      return [signed(value), colour(k), ...(k === chosen && change ? ["changed"] : [])];
    });
    paint(inputBoard, s.height, s.width, style, (r, c) => [`${x[r][c]}`, tint(BLUE, 0.12 * x[r][c])]);
    const wide = width();
    paint(outputBoard, axes(geometry(s))[0].out, wide, style, (r, c) => {
      const o = r * wide + c;
      return [signed(after[o]), tint(GREEN, 0.25), ...(after[o] !== before[o] ? ["changed", "box"] : [])];
    });
    paint(matrixBoard, table.length, inputs, style, (o, n) => {
      const k = table[o][n];
      if (k < 0) return s.layer === "dense" ? ["w", tint(GREY, 0.3)] : ["", tint(GREY, 0.06)];
      const fill = isConv ? colour(k) : tint(GREY, 0.3);
      return [isConv ? LETTERS[k] : "w", fill, ...(k === chosen && used.includes(o) ? ["changed"] : [])];
    });
    const cells = used.map((o) => [o, table[o].indexOf(chosen)]);
    outline(matrixBoard.querySelector(".marks"), table.length, inputs, cells, cell, stage.ink);
    for (const [each, at] of [[kernelBoard, [Math.floor(chosen / s.kernel), chosen % s.kernel]],
      [outputBoard, [Math.floor(position / wide), position % wide]], [matrixBoard, [0, 0]]]) {
      const here = each.querySelector(".here");
      Object.assign(here.style, { width: `${cell}px`, height: `${cell}px`, background: "none" });
      here.hidden = each === matrixBoard || last() < 0 || (each === outputBoard && isConv);
      moveTo(here, at, cell);
      if (each !== matrixBoard) each.querySelector(".marks").hidden = true;
    }
    inputBoard.ariaLabel = `input, row by row: ${x.map((row) => row.join(" ")).join("; ")}`;
    [`kernel ${s.kernel} × ${s.kernel}`, `input ${s.height} × ${s.width}`, last() < 0 ? "no output" : "output",
      last() < 0 ? "" : `as a matrix: ${table.length} outputs × ${inputs} inputs`]
      .forEach((text, i) => { titles[i].textContent = text; });
    $(".legend").textContent = isConv
      ? "matrix: same letter and colour, same weight · dashed: the chosen weight · hatched, boxed: what it changes"
      : "matrix: every w is a weight of its own · dashed: the chosen one · hatched, boxed: what it changes";
  }

  function choose([o, n]) {
    const chosen = matrix(s)[o][n];
    set({ position: o, ...(chosen >= 0 ? { chosen } : {}) });
  }

  const inKernel = ([i, j]) => set({ chosen: i * s.kernel + j });
  const inOutput = ([r, c]) => set({ position: r * width() + c });
  const boards = [
    [kernelBoard, () => [s.kernel, s.kernel],
      () => [Math.floor(now.chosen / s.kernel), now.chosen % s.kernel], inKernel],
    [outputBoard, () => axes(geometry(s)).map((a) => a.out),
      () => [Math.floor(now.position / width()), now.position % width()], inOutput],
    [matrixBoard, () => [last() + 1, s.height * s.width],
      () => [now.position, matrix(s)[now.position].indexOf(now.chosen)], choose],
  ];
  for (const [each, size, at, go] of boards) {
    onKeys(each, { size, at, go: (where) => last() >= 0 && go(where) });
    each.onclick = (event) => go(cellAt(event, cell));
  }
  kernelBoard.addEventListener("keydown", (event) => {
    const by = { "+": 1, "-": -1 }[event.key];
    if (!by) return;
    set({ change: clamp(now.change + by + 3, 7) - 3 });
    event.preventDefault();
    event.stopPropagation();
  });

  stage.hear([...NAMES, "chosen", "position", "change", "seed"], draw);
  return stage.open(draw);
}

export default { render };
