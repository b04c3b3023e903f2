// Pooling, shown: what each window keeps, and on the way back which inputs get its gradient.

import { cellAt, cellSize, hatching, onKeys, paint } from "./board.mjs";
import { BLUE, GREEN, GREY, PURPLE, VERMILLION, signed, tint } from "./kit.mjs";
import { showOwn } from "./own.mjs";
import { player } from "./player.mjs";
import {
  LIMITS, NAMES, fitsExactly, judgeReceivers, nearest, placeAt, pooling, receivers, sentence, shape, short, windows,
  words,
} from "./pool_arithmetic.mjs";
import { button, question } from "./question.mjs";
import { settings } from "./settings.mjs";
import { openStage } from "./stage.mjs";
import { drawWindow, moveTo, outline } from "./window.mjs";

const LABELS = { height: "height N", width: "width N", size: "window F", stride: "stride S" };
const TIES = { first: "to the first", equal: "in parts", all: "all to each" };
const BETWEEN_BOARDS = 80;
const board = (name, inner) => `<figure class="${name}"><figcaption></figcaption>
<div class="board"><canvas></canvas>${inner}</div></figure>`;

const BODY = `<div class="settings" style="--least: min(200px, 40%)"></div>
<div class="line"><span class="quiz"></span><button class="renew">new numbers</button></div>
<div class="says"><p class="sentence"></p><div class="line offers"></div><p class="words secret"></p></div>
<div class="player"></div>
<div class="boards">
${board("input", `<canvas class="window"></canvas><canvas class="marks"></canvas>
<div class="probe"></div>`)}
${board("output", '<div class="here"></div>')}
${board("mask secret", "")}${board("dx secret", "")}</div>
<p class="legend"></p><p class="own secret"></p>`;

function render({ model, el }) {
  const stage = openStage({ model, el }, BODY), { root, $, set } = stage;
  const [inputBoard, outputBoard, maskBoard, dxBoard] = root.querySelectorAll(".board");
  const titles = root.querySelectorAll("figcaption");
  const [over, marks, cursor, here] = root.querySelectorAll(".window, .marks, .probe, .here");
  const hatches = { zero: hatching(tint(GREY, 0.4)), amiss: hatching(tint(VERMILLION, 0.75), true) };
  const sizes = Object.entries(LABELS).map(([name, label]) => [name, { label, limits: LIMITS[name] }]);
  const showSettings = settings($(".settings"), {
    view: { label: "way", choices: ["forward", "backward"] },
    kind: { label: "keeps the", choices: ["max", "average", "median"] },
    ...Object.fromEntries(sizes),
    few: { label: "with ties", switch: true },
    ties: { label: "a tie's gradient", choices: Object.keys(TIES), text: (rule) => TIES[rule] },
  }, set);
  let p, seed, view, numbers, cell;
  let marked = null; // cells "row, column" that the reader says get gradient, while a question waits
  let at = [0, 0]; // where the reader is on the input

  const position = () => Math.min(model.get("position"), windows(p) - 1);
  const play = player($(".player"), stage, {
    places: () => windows(p), at: position,
    go: (place) => stage.keep({ position: place }),
    said: (place) => `output row ${placeAt(p, place).join(", column ")}`,
  });

  question($(".quiz"), stage, {
    ask() {
      set({ view: "backward", seed: (seed + 1 + Math.floor(Math.random() * 900)) % 1000 });
      if (!windows(p)) set({ size: 2, stride: 2 });
      read();
      set({ position: Math.floor(Math.random() * windows(p)) });
      marked = new Set();
      at = placeAt(p, position()).map((n) => n * p.stride);
      queueMicrotask(() => inputBoard.focus());
      const dout = placeAt(p, position()).join(", ");
      return { text: `Which inputs get gradient from dout[${dout}]? Mark them: click, or arrows and space. ` };
    },
    guess: () => [...marked],
    judge(guess) {
      marked = null;
      const judged = judgeReceivers(p, seed, position(), guess);
      queueMicrotask(draw);
      return judged;
    },
  });

  function read() {
    p = stage.get(NAMES);
    ({ seed, view } = stage.get(["seed", "view"]));
  }

  function draw() {
    read();
    numbers = pooling(p, seed);
    showSettings({ ...p, view });
    $(".sentence").textContent = sentence(p);
    $(".says").classList.toggle("amiss", !fitsExactly(p));
    const [size, stride] = nearest(p), offer = `window ${size}, stride ${stride}`;
    $(".offers").replaceChildren(...(fitsExactly(p) ? []
      : ["nearest settings that fit:", button(offer, () => ($("[data-name=size]").focus(), set({ size, stride })))]));
    drawBoards();
  }

  function drawBoards() {
    const [rows, columns] = shape(p), back = view === "backward", { x, out, dout, dx, mask } = numbers;
    const style = { cell: 0, ink: stage.ink, hatches };
    cell = style.cell = cellSize(stage.width - BETWEEN_BOARDS, p.width * (back ? 3 : 1) + Math.max(columns, 3));
    const differs = showOwn($(".own"), model.get("own"), [...NAMES.slice(0, -1).map((name) => p[name]), seed]);
    const wrong = (name, r, c) => (differs(name, r, c) ? ["amiss", "box"] : []);
    const most = Math.max(...x.flat());
    paint(inputBoard, p.height, p.width, style, (r, c) => [`${x[r][c]}`, tint(BLUE, (0.6 * x[r][c]) / most)]);
    paint(outputBoard, rows, columns, style, (r, c) => (back ? [signed(dout[r][c]), tint(PURPLE, 0.3)]
      : [short(out[r][c]), tint(GREEN, 0.25), ...wrong("out", r, c)]));
    const part = (value) => (value ? [] : ["zero"]);
    paint(maskBoard, back ? p.height : 0, p.width, style, (r, c) =>
      [short(mask[r][c]), tint(GREEN, Math.min(0.5, 0.3 * mask[r][c])), ...part(mask[r][c])]);
    paint(dxBoard, back ? p.height : 0, p.width, style, (r, c) => [short(dx[r][c]),
      tint(PURPLE, Math.min(0.5, 0.12 * Math.abs(dx[r][c]))), ...part(mask[r][c]), ...wrong("dx", r, c)]);
    drawWindow(over, p.size, 1, cell, stage.ink);
    for (const square of [here, cursor]) square.style.width = square.style.height = `${cell}px`;
    const names = [`input ${p.height} × ${p.width}`, `${back ? "dout" : "output"} ${rows} × ${columns}`,
      back ? "mask: share of all windows" : "", back ? "dx = dout × share, summed" : ""];
    names.forEach((name, i) => { titles[i].textContent = name; });
    inputBoard.ariaLabel = "input: arrow keys move, space marks a cell while a question waits";
    outputBoard.ariaLabel = `${names[1]}: arrow keys pick a window, space plays, Home and End go to the ends`;
    for (const each of [inputBoard, outputBoard]) Object.assign(each, { role: "application", tabIndex: 0 });
    for (const each of [maskBoard, dxBoard]) each.setAttribute("role", "img");
    maskBoard.ariaLabel = `mask, row by row: ${mask.map((row) => row.map(short).join(" ")).join("; ")}`;
    dxBoard.ariaLabel = `dx, row by row: ${dx.map((row) => row.map(short).join(" ")).join("; ")}`;
    $(".legend").textContent = back
      ? "purple: gradients · dashed: inputs that get this window's · hatched: nothing arrives"
      : "orange: the window · dashed: what makes its output";
    place();
  }

  function place() {
    const none = !windows(p), [r, c] = none ? [0, 0] : placeAt(p, position());
    moveTo(over, [r * p.stride, c * p.stride], cell);
    moveTo(here, [r, c], cell);
    over.hidden = here.hidden = none;
    play.show();
    $(".words").textContent = words(p, seed, view, position(), numbers);
    mark();
    stage.announce(`${sentence(p)} ${$(".words").textContent} ${$(".own").textContent}`);
  }

  function mark() {
    const shown = marked ? [...marked].map((text) => text.split(", ").map(Number))
      : windows(p) ? receivers(p, seed, position()) : [];
    outline(marks, p.height, p.width, shown, cell, stage.ink);
    cursor.hidden = !marked;
    moveTo(cursor, at, cell);
  }

  function toggle(where) {
    at = where;
    const key = at.join(", ");
    if (marked) marked.delete(key) || marked.add(key);
    mark();
    $(".live").textContent = marked ? `x[${key}] ${marked.has(key) ? "marked" : "not marked"}` : "";
  }

  const choose = ([r, c]) => set({ position: r * shape(p)[1] + c });
  onKeys(outputBoard, { size: () => shape(p), at: () => placeAt(p, position()), go: choose, space: play.toggle });
  onKeys(inputBoard, {
    size: () => [p.height, p.width], at: () => at,
    go: (where) => { at = where; mark(); stage.announce(`x[${at.join(", ")}]`); },
    space: () => toggle(at),
  });
  outputBoard.onclick = (event) => marked || choose(cellAt(event, cell));
  inputBoard.onclick = (event) => toggle(cellAt(event, cell));
  $(".renew").onclick = () => set({ seed: (seed + 1) % 1000 });

  stage.hear([...NAMES, "seed", "view"], draw);
  stage.hear(["position"], place);
  stage.hear(["own"], drawBoards);
  return stage.open(draw);
}

export default { render };
