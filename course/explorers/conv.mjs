// Convolution arithmetic, shown: padded input, kernel and output, and the window that slides.

import { cellAt, cellSize, hatching, onKeys, paint } from "./board.mjs";
import {
  LIMITS, NAMES, axes, cellSentence, change, convolve, counts, extent, fits, formula, judgeSize, namedPads,
  neighbours, outputs, puzzle, sentence, sumLines, usedBy, windowAt,
} from "./conv_arithmetic.mjs";
import { BLUE, GREEN, GREY, ORANGE, VERMILLION, count, signed, tint } from "./kit.mjs";
import { showOwn } from "./own.mjs";
import { player } from "./player.mjs";
import { button, question } from "./question.mjs";
import { settings } from "./settings.mjs";
import { openStage } from "./stage.mjs";
import { drawWindow, moveTo, outline } from "./window.mjs";

const LETTERS = { height: "N", width: "N", kernel: "F", stride: "S", pad: "P", dilation: "D" };
const BETWEEN_BOARDS = 60;

const BODY = `
<div class="settings"></div>
<div class="line"><span>pad:</span>
  <button data-pad="valid"></button>
  <button data-pad="same"></button>
  <button data-pad="full"></button>
  <button class="renew">new numbers</button></div>
<div class="quiz"></div>
<div class="says secret"><p class="formula"></p><p class="sentence"></p><div class="line offers"></div></div>
<div class="player secret"></div>
<div class="boards">
  <figure><figcaption></figcaption><div class="board input" tabindex="0" role="application"
    aria-label="padded input: arrow keys pick a cell, its outputs light up">
    <canvas></canvas><canvas class="window"></canvas><div class="probe"></div></div></figure>
  <figure><figcaption></figcaption><div class="board" role="img"><canvas></canvas></div></figure>
  <figure class="secret"><figcaption></figcaption><div class="board output" tabindex="0" role="application"
    aria-label="output: arrow keys move the window, space plays">
    <canvas></canvas><div class="here"></div><canvas class="marks"></canvas></div></figure>
</div>
<p class="legend"></p>
<p class="own secret"></p>
<pre class="sum secret" tabindex="0" role="region" aria-label="one output cell spelled out"></pre>
<p class="cost secret"></p>`;

function render({ model, el }) {
  const stage = openStage({ model, el }, BODY), { root, $, set, announce } = stage;
  const [inputBoard, kernelBoard, outputBoard] = root.querySelectorAll(".board");
  const captions = root.querySelectorAll("figcaption");
  const [over, here, marks, mark] = [".window", ".here", ".marks", ".probe"].map($);
  const hatches = { padding: hatching(tint(GREY, 0.55)), amiss: hatching(tint(VERMILLION, 0.75), true) };
  const showSettings = settings($(".settings"), Object.fromEntries(NAMES.map((name) =>
    [name, { label: `${name} ${LETTERS[name]}`, limits: LIMITS[name] }])), set);

  let g, seed, cell;
  let hover = null; // output cell under the pointer, shown in place of the chosen one
  let probe = null; // cell of the padded input whose readers light up

  const shown = () => Math.min(hover ?? model.get("position"), outputs(g) - 1);
  const play = player($(".player"), stage, {
    places: () => outputs(g),
    at: shown,
    go: (position) => { hover = null; stage.keep({ position }); },
    said: (position) => `output row ${windowAt(g, position).join(", column ")}`,
  });

  question($(".quiz"), stage, {
    ask() {
      set(puzzle(Math.random));
      return { text: "How large is the output? Rows × columns:" };
    },
    judge: (guess) => judgeSize(g, guess),
  });

  function draw() {
    g = stage.get(NAMES);
    seed = model.get("seed");
    hover = null;
    showSettings(g);
    drawSize();
    drawBoards();
    const [weights, products, dense] = Object.values(counts(g)).map((n) => n.toLocaleString("en"));
    $(".cost").textContent = `${weights} weights, ${products} multiply-adds; a dense layer: ${dense} of each.`;
    look(null);
    place();
  }

  function drawSize() {
    for (const [name, pad] of Object.entries(namedPads(g))) {
      const named = $(`[data-pad=${name}]`);
      named.textContent = pad === null ? name : `${name}: ${pad}`;
      named.disabled = pad === null;
      named.onclick = () => set({ pad });
      named.ariaPressed = pad === g.pad;
    }
    $(".formula").textContent = formula(g).join("\n");
    $(".sentence").textContent = sentence(g);
    $(".says").classList.toggle("amiss", !fits(g));
    const offers = neighbours(g).map(offer);
    $(".offers").replaceChildren(...(offers.length ? ["nearest settings that fit:", ...offers] : []));
  }

  function offer(other) {
    return button(`${change(g, other)} → ${axes(other).map((a) => a.out).join(" × ")}`, () => {
      $(`[data-name=${NAMES.find((name) => other[name] !== g[name])}]`).focus(); // this button goes
      set(other);
    });
  }

  function drawBoards() {
    const [rows, columns] = axes(g), covered = extent(g), { x, w, out } = convolve(g, seed);
    const [high, wide] = [Math.max(rows.padded, covered), Math.max(columns.padded, covered)];
    cell = cellSize(stage.width - BETWEEN_BOARDS, wide + g.kernel + Math.max(columns.out, 3));
    const [firstLost, lostFrom] = [rows.padded - rows.leftOver, columns.padded - columns.leftOver];
    const style = { cell, ink: stage.ink, hatches };
    paint(inputBoard, high, wide, style, (r, c) => {
      if (r >= rows.padded || c >= columns.padded) return r < covered && c < covered ? ["", "amiss"] : [""];
      const isPadding = Math.min(r, c) < g.pad || r >= g.pad + g.height || c >= g.pad + g.width;
      const fills = isPadding ? [tint(GREY, 0.12), "padding"] : [tint(BLUE, 0.12 * x[r][c])];
      return [`${x[r][c]}`, ...fills, ...(r >= firstLost || c >= lostFrom ? ["amiss"] : [])];
    });
    paint(kernelBoard, g.kernel, g.kernel, style, (i, j) =>
      [signed(w[i][j]), tint(ORANGE, 0.25 * Math.abs(w[i][j]))]);
    kernelBoard.ariaLabel = `kernel, row by row: ${w.map((row) => row.map(signed).join(" ")).join("; ")}`;
    const differs = showOwn($(".own"), model.get("own"), [...Object.values(g), seed]);
    paint(outputBoard, rows.out, columns.out, style, (r, c) =>
      [signed(out[r][c]), tint(GREEN, 0.25), ...(differs("out", r, c) ? ["amiss", "box"] : [])]);
    drawWindow(over, g.kernel, g.dilation, cell, stage.ink);
    for (const square of [here, mark]) square.style.width = square.style.height = `${cell}px`;
    captions[0].textContent = `${g.pad ? "padded input" : "input"} ${rows.padded} × ${columns.padded}`;
    captions[1].textContent = `kernel ${g.kernel} × ${g.kernel}`;
    captions[2].textContent = outputs(g) ? `output ${rows.out} × ${columns.out}` : "no output";
    const crossed = !fits(g) && `crossed: ${outputs(g) ? "never reached" : "where the kernel sticks out"}`;
    $(".legend").textContent = ["blue: input", g.pad && "hatched: padding", "orange: the window", crossed]
      .filter(Boolean).join(" · ");
  }

  function place() {
    const n = outputs(g), [row, column] = n ? windowAt(g, shown()) : [0, 0];
    moveTo(over, [g.stride * row, g.stride * column], cell);
    moveTo(here, [row, column], cell);
    play.show();
    $(".sum").hidden = n === 0;
    $(".sum").textContent = sumLines(g, seed, shown()).join("\n");
    announce(`${sentence(g)} ${cellSentence(g, seed, shown())} ${$(".own").textContent}`);
  }

  function look(at) {
    probe = at;
    marks.hidden = mark.hidden = !at;
    if (!at) return;
    const readers = usedBy(g, ...at), many = count(readers.length, "output cell");
    moveTo(mark, at, cell);
    outline(marks, ...sizeOf("out")(), readers, cell, stage.ink);
    announce(`Padded input row ${at.join(", column ")}, read by ${many || "no output cell"}.`);
  }

  const positionOf = ([row, column]) => row * axes(g)[1].out + column;
  const point = (position) => { hover = stage.playing ? null : position; place(); };
  const choose = (at) => { set({ position: positionOf(at) }); point(null); };
  const sizeOf = (size) => () => axes(g).map((a) => a[size]);
  onKeys(outputBoard, { size: sizeOf("out"), at: () => windowAt(g, shown()), go: choose, space: play.toggle });
  onKeys(inputBoard, { size: sizeOf("padded"), at: () => probe ?? [g.pad, g.pad - 1], go: look, space: play.toggle });
  outputBoard.onclick = (event) => choose(cellAt(event, cell));
  outputBoard.onpointermove = (event) => point(positionOf(cellAt(event, cell)));
  outputBoard.onpointerleave = () => point(null);
  inputBoard.onpointermove = inputBoard.onpointerdown = (event) => look(cellAt(event, cell));
  inputBoard.onpointerleave = inputBoard.onblur = () => look(null);
  $(".renew").onclick = () => set({ seed: (seed + 1) % 1000 });

  stage.hear([...NAMES, "seed"], draw);
  stage.hear(["position"], place);
  stage.hear(["own"], drawBoards);
  return stage.open(draw);
}

export default { render };
