// Four points, and a neuron or a small net that learns to tell them apart.

import { openCanvas } from "./board.mjs";
import { BLUE, GREY, ORANGE, VERMILLION, clamp, range, tint } from "./kit.mjs";
import {
  CORNERS, HIDDEN, RATES, TARGETS, UPDATES, fires, impossible, lines, nets, number, outputs, placesOf, right, sentence,
} from "./perceptron_arithmetic.mjs";
import { player } from "./player.mjs";
import { settings } from "./settings.mjs";
import { openStage } from "./stage.mjs";

const TRAITS = ["network", "task", "points", "targets", "learning_rate", "line", "seed"];
const [LEAST, MOST] = [-0.5, 1.5];
const COARSE = 4; // px a point of the plane's shading
const ARROWS = { ArrowUp: [0, 0.1], ArrowDown: [0, -0.1], ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0] };
const WEIGHTS = ["w1", "w2", "b"];

const BODY = `
<div class="settings"></div>
<div class="weights"></div>
<div class="line"><button class="flip">flip the target</button> <button class="corners">points to the corners</button>
  <button class="renew">other start of the net</button></div>
<div class="says"><p class="sentence"></p><p class="why"></p></div>
<div class="player"></div>
<div class="boards">
  <figure><figcaption>the plane: orange fires (1), blue is silent (0); circles are to be 1, squares 0; ✗ wrong</figcaption>
    <div class="board plane" tabindex="0" role="application"
    aria-label="plane: space picks the next point, arrow keys move it, Home takes it back"><canvas></canvas></div></figure>
  <figure class="bent"><figcaption></figcaption><div class="board" role="img"><canvas></canvas></div></figure>
</div>
<table><tr><th scope="col">point</th><th scope="col">x1</th><th scope="col">x2</th><th scope="col">target</th>
  <th scope="col" class="what_out"></th><th scope="col">says</th></tr>${[1, 2, 3, 4].map((i) => `<tr><th scope="row">${i}</th>
  ${"<td></td>".repeat(5)}</tr>`).join("")}</table>`;

function render({ model, el }) {
  const stage = openStage({ model, el }, BODY), { root, $, set, announce } = stage;
  const [plane, bent] = root.querySelectorAll(".board");
  const cells = Array.from(root.querySelectorAll("table tr:not(:first-child)"), (row) => row.querySelectorAll("td"));
  const showSettings = settings($(".settings"), {
    network: { label: "network", choices: Object.keys(HIDDEN) },
    task: { label: "task", choices: [...Object.keys(TARGETS), "own"] },
    learning_rate: { label: "learning rate", values: RATES },
  }, (changes) => change(TARGETS[changes.task]
    ? { ...changes, targets: [...TARGETS[changes.task]], points: CORNERS.map((point) => [...point]) } : changes));
  const showWeights = settings($(".weights"), Object.fromEntries(WEIGHTS.map((name) =>
    [name, { label: name === "b" ? "bias b" : `weight ${name}`, limits: [-3, 3, 0.1], text: number }])),
  (changes) => change({ line: WEIGHTS.map((name, i) => changes[name] ?? shownLine()[i]) }));

  let s, side, walked, stages, chosen = 0, dragged = false, shadeImage;

  const hidden = () => HIDDEN[s.network];
  const shown = () => clamp(model.get("step"), placesOf(s));
  const shownLine = () => walked[shown()].map((weight) => Math.max(-3, Math.min(weight, 3)));
  /** What is changed by hand begins a new training. */
  const change = (changes) => set({ ...changes, step: 0 });
  const play = player($(".player"), stage, {
    places: () => placesOf(s), at: shown, go: (step) => stage.keep({ step }), loops: false, speeds: [30, 4],
    noun: "training", said: (step) => (hidden() ? `update ${step * UPDATES}` : `sample ${step}`),
  });

  function draw() {
    s = stage.get(TRAITS);
    side = Math.min(320, stage.width - 24);
    stages = [];
    if (!hidden()) walked = lines(s);
    showSettings(s);
    $(".weights").hidden = Boolean(hidden());
    $(".renew").hidden = $(".bent").hidden = !hidden();
    for (const board of [plane, bent]) {
      Object.assign(board.style, { width: `${side}px`, height: `${side}px` });
      board.parentElement.style.width = `${side + 8}px`;
    }
    place();
  }

  function place() {
    const step = shown(), net = hidden() && nets(s, step, stages)[step], line = walked?.[step];
    const value = net ? (point) => outputs(net, point)[0] - 0.5 : (point) => fires(line, point);
    const values = s.points.map(value), many = right(s, values);
    play.show();
    if (!net) showWeights(Object.fromEntries(WEIGHTS.map((name, i) => [name, Math.max(-3, Math.min(line[i], 3))])));
    drawPlane(value, values, net ? -1 : (step - 1) % 4);
    if (net) drawBent(net);
    $(".sentence").textContent = net
      ? `After ${step * UPDATES} updates: ${many} of 4 right${many === 4 && s.task === "XOR" ? ", which no line can do" : ""}.`
      : sentence(s, step, walked);
    $(".why").textContent = net ? "" : impossible(s, line);
    $(".says").classList.toggle("amiss", many < 4);
    $(".what_out").textContent = net ? "output" : "sum";
    s.points.forEach((point, i) => {
      const texts = [...point, s.targets[i], net ? values[i] + 0.5 : values[i]].map(number);
      [...texts, `${values[i] > 0 ? 1 : 0} ${(values[i] > 0) === (s.targets[i] === 1) ? "✓" : "✗"}`]
        .forEach((text, k) => { cells[i][k].textContent = text; });
    });
    $(".flip").textContent = `flip the target of point ${chosen + 1}`;
    announce(`${$(".sentence").textContent} ${$(".why").textContent} Point ${chosen + 1} at (${s.points[chosen].map(number).join(", ")}).`);
  }

  const toX = (x) => ((x - LEAST) / (MOST - LEAST)) * side, toY = (y) => side - toX(y);

  function drawPlane(value, values, sample) {
    const pen = openCanvas(plane.firstElementChild, side, side), n = Math.ceil(side / COARSE), net = hidden();
    shadeImage ??= document.createElement("canvas");
    if (shadeImage.width !== n) Object.assign(shadeImage, { width: n, height: n });
    const brush = shadeImage.getContext("2d"), image = brush.createImageData(n, n);
    const [one, zero] = [ORANGE, BLUE].map((colour) => colour.split(",").map(Number));
    for (let r = 0; r < n; r += 1) for (let c = 0; c < n; c += 1) {
      const at = value([LEAST + ((c + 0.5) / n) * (MOST - LEAST), MOST - ((r + 0.5) / n) * (MOST - LEAST)]);
      image.data.set(at > 0 ? one : zero, 4 * (r * n + c));
      image.data[4 * (r * n + c) + 3] = net ? 40 + 260 * Math.abs(at) : 110;
    }
    brush.putImageData(image, 0, 0);
    pen.imageSmoothingEnabled = false;
    pen.drawImage(shadeImage, 0, 0, side, side);
    Object.assign(pen, { strokeStyle: tint(GREY, 0.6), lineWidth: 1, font: "12px system-ui, sans-serif", fillStyle: stage.ink });
    for (const at of [0, 1]) {
      pen.strokeRect(toX(at), 0, 0, side);
      pen.strokeRect(0, toY(at), side, 0);
      pen.fillText(`${at}`, toX(at) + 3, side - 4);
      pen.fillText(`${at}`, 3, toY(at) - 4);
    }
    s.points.forEach((point, i) => drawPoint(pen, toX(point[0]), toY(point[1]), i, {
      wrong: (values[i] > 0) !== (s.targets[i] === 1), picked: i === chosen, sample: i === sample }));
  }

  function drawPoint(pen, x, y, i, { wrong, picked, sample }) {
    const one = s.targets[i] === 1;
    pen.beginPath();
    if (one) pen.arc(x, y, 9, 0, 7);
    else pen.rect(x - 8, y - 8, 16, 16);
    Object.assign(pen, { fillStyle: stage.dark ? "#222" : "#fff", strokeStyle: stage.ink, lineWidth: sample ? 4 : 2 });
    pen.fill();
    pen.stroke();
    Object.assign(pen, { font: "bold 12px system-ui, sans-serif", textAlign: "center", textBaseline: "middle", fillStyle: stage.ink });
    pen.fillText(`${i + 1}`, x, y + 1);
    if (wrong) Object.assign(pen, { font: "bold 18px system-ui", fillStyle: stage.dark ? "#ff9d5c" : `rgb(${VERMILLION})` }), pen.fillText("✗", x + 19, y - 12);
    if (picked) {
      pen.setLineDash([3, 3]);
      Object.assign(pen, { strokeStyle: stage.ink, lineWidth: 1.5 });
      pen.strokeRect(x - 14, y - 14, 28, 28);
      pen.setLineDash([]);
    }
    Object.assign(pen, { textAlign: "start", textBaseline: "alphabetic" });
  }

  /** Where the hidden layer puts the plane: its grid, the points, and with two units the output's line. */
  function drawBent(net) {
    const pen = openCanvas(bent.firstElementChild, side, side), grid = range(0, 10).map((i) => LEAST + (i / 10) * (MOST - LEAST));
    const seen = (point) => outputs(net, point)[1].slice(0, 2).map((unit, k) => side / 2 + (k ? -unit : unit) * (side / 2 - 18));
    Object.assign(pen, { lineWidth: 1, strokeStyle: tint(GREY, 0.8) });
    for (const fixed of grid) for (const flip of [false, true]) {
      pen.beginPath();
      for (const along of range(0, 30).map((i) => LEAST + (i / 30) * (MOST - LEAST))) {
        pen.lineTo(...seen(flip ? [along, fixed] : [fixed, along]));
      }
      pen.stroke();
    }
    if (hidden() === 2) {
      const [v, w] = net.v, most = Math.max(Math.abs(v), Math.abs(w), 1e-9), size = v * v + w * w || 1;
      const [x, y] = [-v * net.d / size, -w * net.d / size], far = 4 / most;
      const at = (a, b) => [side / 2 + a * (side / 2 - 18), side / 2 - b * (side / 2 - 18)];
      Object.assign(pen, { strokeStyle: stage.ink, lineWidth: 2.5 });
      pen.beginPath();
      pen.moveTo(...at(x - w * far, y + v * far)), pen.lineTo(...at(x + w * far, y - v * far));
      pen.stroke();
    }
    s.points.forEach((point, i) => drawPoint(pen, ...seen(point), i, {
      wrong: (outputs(net, point)[0] > 0.5) !== (s.targets[i] === 1), picked: i === chosen }));
    $(".bent figcaption").textContent = hidden() === 2
      ? "the same plane as the two hidden units see it: bent, until one line parts the points"
      : "the same plane as the first two of the hidden units see it";
    bent.ariaLabel = `hidden units of the points: ${s.points.map((point) =>
      outputs(net, point)[1].map(number).join(", ")).join("; ")}`;
  }

  const moved = (i, point) => s.points.map((old, k) => (k === i ? point.map((at) =>
    Math.round(Math.max(LEAST, Math.min(at, MOST)) * 10) / 10) : old));
  const pick = (i) => { chosen = i; place(); };
  plane.addEventListener("keydown", (event) => {
    const by = ARROWS[event.key], point = s.points[chosen];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (by) change({ points: moved(chosen, point.map((at, k) => at + by[k])) });
    else if (event.key === " ") pick((chosen + 1) % 4);
    else if (event.key === "Home") change({ points: moved(chosen, CORNERS[chosen]) });
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  const placeOf = ({ offsetX, offsetY }) => [offsetX, side - offsetY].map((at) => LEAST + (at / side) * (MOST - LEAST));
  plane.onpointerdown = (event) => {
    const [x, y] = placeOf(event), away = s.points.map(([a, b]) => Math.hypot(a - x, b - y)), nearest = Math.min(...away);
    dragged = nearest < 0.2;
    if (dragged) plane.setPointerCapture(event.pointerId), pick(away.indexOf(nearest));
  };
  plane.onpointermove = (event) => dragged && change({ points: moved(chosen, placeOf(event)) });
  plane.onpointerup = plane.onpointercancel = () => { dragged = false; };
  $(".flip").onclick = () => change({ task: "own", targets: s.targets.map((target, i) => (i === chosen ? 1 - target : target)) });
  $(".corners").onclick = () => change({ points: CORNERS.map((point) => [...point]) });
  $(".renew").onclick = () => change({ seed: (s.seed + 1) % 1000 });

  stage.hear(TRAITS, draw);
  stage.hear(["step"], place);
  return stage.open(draw);
}

export default { render };
