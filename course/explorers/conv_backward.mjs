// The way back through a convolution, shown: who feeds a cell of dx, or how dw and db grow window by window.

import { cellAt, cellSize, hatching, onKeys, paint } from "./board.mjs";
import { LIMITS, NAMES, axes, extent, outputs, weight, windowAt } from "./conv_arithmetic.mjs";
import {
  accumulated, backward, backwardLines, cellWords, feeders, inputCell, recipe,
} from "./conv_backward_arithmetic.mjs";
import { BLUE, GREEN, GREY, ORANGE, PURPLE, VERMILLION, signed, tint } from "./kit.mjs";
import { showOwn } from "./own.mjs";
import { player } from "./player.mjs";
import { settings } from "./settings.mjs";
import { openStage } from "./stage.mjs";
import { drawWindow, moveTo, outline } from "./window.mjs";

const LETTERS = { height: "N", width: "N", kernel: "F", stride: "S", pad: "P", dilation: "D" };
const VIEWS = { dx: "input: dx", dw: "weights: dw, db" };
const BETWEEN_BOARDS = 80;
const board = (name) => `<figure><figcaption></figcaption><div class="board ${name}">
<canvas></canvas><canvas class="window"></canvas><div class="here"></div>
<canvas class="marks"></canvas></div></figure>`;

const BODY = `<div class="settings" style="--least: min(200px, 40%)"></div><div class="line"><button class="renew">new numbers</button></div>
<div class="says"><p class="sentence"></p><p class="words"></p></div><div class="player"></div>
<div class="boards">${["dout", "wide", "kernel", "dx"].map(board).join("")}</div>
<p class="legend"></p><p class="own"></p>
<pre class="sum" tabindex="0" role="region" aria-label="this place spelled out"></pre>`;

function render({ model, el }) {
  const stage = openStage({ model, el }, BODY), { root, $, set } = stage;
  const [doutBoard, wideBoard, kernelBoard, dxBoard] = root.querySelectorAll(".board");
  const [doutTitle, wideTitle, kernelTitle, dxTitle] = root.querySelectorAll("figcaption");
  const hatches = { zero: hatching(tint(GREY, 0.55)), amiss: hatching(tint(VERMILLION, 0.75), true) };
  const showSettings = settings($(".settings"), {
    view: { label: "look at", choices: Object.keys(VIEWS), text: (view) => VIEWS[view] },
    ...Object.fromEntries(NAMES.map((name) => [name, { label: `${name} ${LETTERS[name]}`, limits: LIMITS[name] }])),
  }, set);
  let g, seed, view, numbers, cell, differs;

  const places = () => (view === "dx" ? g.height * g.width : outputs(g));
  const at = () => Math.min(model.get("position"), places() - 1);
  const placeOf = (n) => (view === "dx" ? inputCell(g, n) : windowAt(g, n));
  const play = player($(".player"), stage, {
    places, at,
    go: (position) => stage.keep({ position }),
    said: (n) => `${view === "dx" ? "dx" : "dout"} row ${placeOf(n).join(", column ")}`,
  });

  function draw() {
    g = stage.get(NAMES);
    ({ seed, view } = stage.get(["seed", "view"]));
    numbers = backward(g, seed);
    showSettings({ ...g, view });
    $(".sentence").textContent = recipe(g, view);
    $(".says").classList.toggle("amiss", !outputs(g));
    drawBoards();
  }

  function drawBoards() {
    const [rows, columns] = axes(g), { dout, spread, turned, x, dx } = numbers, isDx = view === "dx";
    const wide = isDx ? spread : x, border = extent(g) - 1;
    cell = cellSize(stage.width - BETWEEN_BOARDS, wide[0].length + columns.out + g.kernel + (isDx ? g.width : 0));
    const style = { cell, ink: stage.ink, hatches };
    differs = showOwn($(".own"), model.get("own"), [...Object.values(g), seed]);
    paint(doutBoard, rows.out, columns.out, style, (r, c) => [signed(dout[r][c]), tint(PURPLE, 0.3)]);
    paint(wideBoard, wide.length, wide[0].length, style, (r, c) => {
      const [top, left] = isDx ? [r - border, c - border] : [r - g.pad, c - g.pad];
      const isZero = isDx
        ? top < 0 || left < 0 || top % g.stride || left % g.stride || top / g.stride >= rows.out ||
          left / g.stride >= columns.out
        : top < 0 || left < 0 || top >= g.height || left >= g.width;
      return [signed(wide[r][c]), ...(isZero ? [tint(GREY, 0.12), "zero"]
        : [isDx ? tint(PURPLE, 0.3) : tint(BLUE, 0.12 * wide[r][c])])];
    });
    paint(dxBoard, isDx ? g.height : 0, g.width, style, (r, c) =>
      [signed(dx[r][c]), tint(BLUE, 0.35), ...wrong("dx", r, c)]);
    if (isDx) {
      paint(kernelBoard, g.kernel, g.kernel, style, (i, j) =>
        [signed(turned[i][j]), tint(ORANGE, 0.25 * Math.abs(turned[i][j]))]);
    }
    drawWindow(wideBoard.querySelector(".window"), g.kernel, g.dilation, cell, stage.ink);
    for (const square of root.querySelectorAll(".here")) square.style.width = square.style.height = `${cell}px`;
    doutTitle.textContent = outputs(g) ? `dout ${rows.out} × ${columns.out}` : "no dout";
    wideTitle.textContent = isDx ? `dout, spread out: ${wide.length} × ${wide[0].length}`
      : `${g.pad ? "padded input" : "input"} ${rows.padded} × ${columns.padded}`;
    kernelTitle.textContent = isDx ? "kernel, turned" : "dw so far";
    dxTitle.textContent = isDx ? `dx ${g.height} × ${g.width}` : "";
    doutBoard.tabIndex = isDx ? -1 : 0;
    doutBoard.ariaLabel = isDx ? "dout" : "dout: arrow keys pick a window, space plays";
    dxBoard.tabIndex = wideBoard.tabIndex = 0; // the wide one may scroll
    const spoken = [[doutBoard, !isDx], [wideBoard, false], [kernelBoard, false], [dxBoard, true]];
    for (const [each, hasKeys] of spoken) each.setAttribute("role", hasKeys ? "application" : "img");
    dxBoard.ariaLabel = "dx: arrow keys pick a cell, space plays";
    wideBoard.ariaLabel = wideTitle.textContent;
    kernelBoard.ariaLabel = isDx ? `kernel, turned: ${turned.map((row) => row.join(" ")).join("; ")}` : "dw so far";
    $(".legend").textContent = isDx
      ? "purple: dout · hatched: zeros put in · orange: what the turned kernel reads · dashed: the dout that feed"
      : "purple: dout · blue: input · hatched: padding · orange: what is multiplied by this dout";
    place();
  }

  const wrong = (name, r, c) => (differs(name, r, c) ? ["amiss", "box"] : []);

  function place() {
    const n = at(), isDx = view === "dx", [r, c] = n >= 0 ? placeOf(n) : [0, 0], none = !outputs(g);
    const over = wideBoard.querySelector(".window"), step = isDx ? 1 : g.stride, from = isDx ? g.pad : 0;
    moveTo(over, [step * r + from, step * c + from], cell);
    over.hidden = none;
    doutBoard.querySelector(".here").hidden = isDx || none;
    moveTo(doutBoard.querySelector(".here"), [r, c], cell);
    moveTo(dxBoard.querySelector(".here"), [r, c], cell);
    const fed = isDx ? feeders(g, r, c) : [];
    outline(doutBoard.querySelector(".marks"), ...axes(g).map((a) => a.out), fed, cell, stage.ink);
    if (!isDx) drawGrown(n + 1);
    play.show();
    $(".words").textContent = cellWords(g, seed, view, n, numbers);
    $(".sum").textContent = backwardLines(g, seed, view, n, numbers).join("\n");
    stage.announce(`${recipe(g, view)} ${$(".words").textContent} ${$(".own").textContent}`);
  }

  function drawGrown(done) {
    const { dw, db } = accumulated(g, numbers, done), D = g.dilation, all = done === outputs(g);
    paint(kernelBoard, g.kernel, g.kernel, { cell, ink: stage.ink, hatches }, (i, j) =>
      [signed(dw[i][j]), tint(GREEN, 0.3), ...(all ? wrong("dw", D * i, D * j) : [])]);
    kernelTitle.textContent = all ? `dw, all windows; db = ${signed(db)}` : `dw so far; db so far ${signed(db)}`;
  }

  for (const [name, size] of [[dxBoard, () => [g.height, g.width]], [doutBoard, () => axes(g).map((a) => a.out)]]) {
    const go = ([r, c]) => set({ position: r * size()[1] + c });
    onKeys(name, { size, at: () => placeOf(at()), go, space: play.toggle });
    name.onclick = (event) => (name === doutBoard) === (view === "dw") && go(cellAt(event, cell));
  }
  for (const hidden of [wideBoard, kernelBoard, dxBoard]) {
    hidden.querySelector(".marks").hidden = true;
    if (hidden !== dxBoard) hidden.querySelector(".here").hidden = true;
  }
  for (const other of [doutBoard, kernelBoard, dxBoard]) other.querySelector(".window").hidden = true;
  $(".renew").onclick = () => set({ seed: (seed + 1) % 1000 });

  stage.hear([...NAMES, "seed", "view"], draw);
  stage.hear(["position"], place);
  stage.hear(["own"], drawBoards);
  return stage.open(draw);
}

export default { render };
