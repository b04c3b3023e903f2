// The graph of a small net, step by step: values forward to the loss, gradients back from it.

import {
  NETS, SHAPES, SIGNS, cells, graph, leaves, lines, meaning, sentence, sign, sizeOf, stepFor, stepOf, steps, ways,
} from "./backprop_arithmetic.mjs";
import { cellAt, onKeys, paint } from "./board.mjs";
import { BLUE, GREY, ORANGE, clamp, tint } from "./kit.mjs";
import { player } from "./player.mjs";
import { question } from "./question.mjs";
import { settings } from "./settings.mjs";
import { openStage } from "./stage.mjs";

const CELL = 44; // room for −0.35 in letters that can be read
const CHAINS = { affine: "affine → ReLU → affine → softmax", conv: "conv → ReLU → max pool → affine → softmax" };

const BODY = `
<div class="settings"></div>
<div class="player"></div>
<div class="quiz"></div>
<div class="says"><p class="formula" style="white-space: normal"></p><p class="sentence"></p></div>
<div class="boards graph" tabindex="0" role="application"
  aria-label="graph: left and right pick a number of this step, Home and End the first and last, space plays"></div>
<p class="legend">blue: values · orange: gradients ∂L/∂… · boxed: the number spelled out below · strong colour: what
it was computed from</p>
<pre class="sum secret" tabindex="0" role="region" aria-label="the boxed number spelled out" style="min-height: 8em; white-space: pre-wrap"></pre>
<div class="line"><button class="renew">new numbers</button></div>`;

const boardOf = (name, back) => `<div class="board" role="img" data-name="${name}" data-back="${back ? 1 : ""}">
<canvas></canvas></div>`;

const figureOf = (net, name) => `<figure><figcaption><b>${name}</b> ${SHAPES[net][name].join(" × ")}</figcaption>
${boardOf(name, false)}<figcaption>∂L/∂${name}</figcaption>${boardOf(name, true)}</figure>`;

const operationOf = (net, [kind, from, to], i) => `<div class="operation" data-operation="${i}"
style="align-self: center; max-width: 100%"><div class="line" style="gap: 6px 16px; align-items: flex-start">
<span class="kind" style="align-self: center; padding: 2px 8px; border: 2px solid; border-radius: 12px"></span>
${from.slice(1).map((name) => figureOf(net, name)).join("")}</div></div>${figureOf(net, to)}`;

function render({ model, el }) {
  const stage = openStage({ model, el }, BODY), { root, $, set, announce } = stage;
  const showSettings = settings($(".settings"), {
    net: { label: "net", choices: Object.keys(NETS), text: (net) => CHAINS[net] },
  }, (changes) => set({ ...changes, step: 0, cell: 0 }));

  const hatches = {};
  let g, step, chosen, built;
  const asking = () => root.classList.contains("asking");
  const boards = () => root.querySelectorAll(".board");
  const shownStep = () => Math.min(model.get("step"), steps(model.get("net")) - 1);

  const play = player($(".player"), stage, {
    places: () => steps(g.net),
    at: shownStep,
    go: (to) => stage.keep({ step: to, cell: 0 }),
    said: (to) => sentence(g.net, to),
    noun: "step", loops: false, speeds: [4, 1],
  });

  question($(".quiz"), stage, {
    ask() {
      const n = NETS[g.net].length, to = n + 1 + Math.floor(Math.random() * n);
      play.stop();
      set({ step: to, cell: Math.floor(Math.random() * cells(g.net, to).length) });
      const [name, at] = cells(g.net, to)[model.get("cell")];
      return { text: `Which sign has ${meaning(g, name, at).split(" =")[0]}, the boxed gradient?`, choices: SIGNS };
    },
    judge(guess) {
      const [name, at] = chosen;
      return [guess === sign(g.gradients[name][at]), meaning(g, name, at)];
    },
  });

  function draw() {
    const { net, seed } = stage.get(["net", "seed"]);
    showSettings({ net });
    if (g?.net !== net || g?.seed !== seed) g = graph(net, seed);
    if (built !== net) build(net);
    built = net;
    look();
  }

  function build(net) {
    $(".graph").innerHTML = figureOf(net, "x") + NETS[net].map((operation, i) =>
      operationOf(net, operation, i)).join("");
    for (const board of boards()) {
      board.onclick = (event) => pick(board.dataset.name, board.dataset.back === "1", cellAt(event, CELL));
    }
  }

  function look() {
    step = shownStep();
    const { operation, back } = stepOf(g.net, step), all = cells(g.net, step);
    const place = clamp(model.get("cell"), all.length);
    chosen = all[place];
    const used = inputs(operation, back);
    for (const board of boards()) drawBoard(board, back, used);
    for (const box of root.querySelectorAll(".operation")) {
      const [kind] = NETS[g.net][box.dataset.operation], pill = box.querySelector(".kind");
      const now = operation === NETS[g.net][box.dataset.operation];
      pill.textContent = now && back ? `← ${kind}` : `${kind} →`;
      pill.style.background = now ? tint(ORANGE, 0.5) : "none";
    }
    $(".formula").textContent = `Step ${step}: ${["forward", "back"][Number(back)]}${
      operation ? ` through ${operation[0]}` : ""}`;
    $(".sentence").textContent = sentence(g.net, step);
    const said = lines(g, step, place);
    $(".sum").textContent = said.join("\n");
    play.show();
    announce(`${sentence(g.net, step)} ${asking() ? "" : said.slice(-2).join(". ")}`);
  }

  /** Which numbers the boxed one was computed from: "name back place". */
  function inputs(operation, back) {
    if (!operation) return new Set();
    const [name, at] = chosen;
    const parts = back
      ? ways(g, name, at).flatMap(({ to, k, uses }) => [[to, true, k], ...uses.map(([n, i]) => [n, false, i])])
      : g.nodes[name][at].parts.map((part) => [part.name, false, part.at]);
    return new Set(parts.map(String));
  }

  function drawBoard(board, back, used) {
    const { name } = board.dataset, isGradient = board.dataset.back === "1";
    const shape = SHAPES[g.net][name], numbers = (isGradient ? g.gradients : g.values)[name];
    const since = isGradient && name === "L" ? NETS[g.net].length : stepFor(g.net, name, isGradient);
    const isOpen = asking() && isGradient && since === step && name !== "L";
    const columns = shape.at(-1) ?? 1, colour = isGradient ? ORANGE : BLUE;
    paint(board, sizeOf(shape) / columns, columns, { cell: CELL, ink: stage.ink, hatches }, (r, c) => {
      const at = r * columns + c, boxed = chosen[0] === name && chosen[1] === at && back === isGradient;
      const text = step < since ? "·" : isOpen ? "?" : numbers[at].toFixed(2).replace("-", "−").padStart(5, "\u00a0");
      const strong = used.has(String([name, isGradient, at]));
      return [text, step < since ? tint(GREY, 0.12) : tint(colour, strong ? 0.75 : 0.22), ...(boxed ? ["box"] : [])];
    });
    board.ariaLabel = `${isGradient ? `gradient of ${name}` : name}: ${
      step < since ? "not yet" : isOpen ? "guess" : numbers.map((v) => v.toFixed(2)).join(" ")}`;
  }

  function pick(name, isGradient, [row, column]) {
    if (asking() || (isGradient && name === "L")) return;
    const to = leaves(g.net).includes(name) && !isGradient ? 0 : stepFor(g.net, name, isGradient);
    const at = row * (SHAPES[g.net][name].at(-1) ?? 1) + column;
    set({ step: to, cell: cells(g.net, to).findIndex(([other, i]) => other === name && i === at) });
  }

  onKeys($(".graph"), {
    size: () => [1, cells(g.net, step).length],
    at: () => [0, clamp(model.get("cell"), cells(g.net, step).length)],
    go: ([, cell]) => { if (!asking()) set({ cell }); },
    space: play.toggle,
  });
  $(".renew").onclick = () => set({ seed: (model.get("seed") + 1) % 100 });

  stage.hear(["net", "seed"], draw);
  stage.hear(["step", "cell", "guessed"], look);
  return stage.open(draw);
}

export default { render };
