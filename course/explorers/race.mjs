// The race of the update rules, shown: paths on a map of the surface, losses, and how fast each one is.

import { onKeys, openCanvas } from "./board.mjs";
import { digits } from "./digits.mjs";
import { BLUE, DEEP_BLUE, GREEN, GREY, ORANGE, PURPLE, VERMILLION, clamp, tint } from "./kit.mjs";
import {
  DECAYS, LOSSES, MOMENTA, NAMES, RATES, STEPS, SURFACES, explain, height, lowest, race, standing,
} from "./race_arithmetic.mjs";
import { mark, stroke } from "./pen.mjs";
import { player } from "./player.mjs";
import { question } from "./question.mjs";
import { settings } from "./settings.mjs";
import { openStage } from "./stage.mjs";

const TRAITS = ["surface", "learning_rate", "momentum", "decay", "noise", "start", "seed"];
const ASKED_STEPS = 50;
const PLACES = 41; // of the start, along each axis, for arrow keys
const COARSE = 3; // px a point of the map's shading
const ARROW = 4; // steps long
const LOWEST_SHOWN = 1e-8;
const MARKS = {
  "gradient descent": { colour: DEEP_BLUE, mark: "●", dash: [] },
  "SGD with noise": { colour: BLUE, mark: "○", dash: [2, 3] },
  "momentum": { colour: ORANGE, mark: "■", dash: [] },
  "nesterov": { colour: VERMILLION, mark: "◆", dash: [8, 3] },
  "rmsprop": { colour: PURPLE, mark: "▲", dash: [] },
  "adam": { colour: GREEN, mark: "★", dash: [10, 3, 2, 3] },
};

const rows = NAMES.map((name) => `<tr><th scope="row"><span aria-hidden="true"
  style="color:rgb(${MARKS[name].colour})">${MARKS[name].mark}</span> ${name}</th>${"<td></td>".repeat(3)}</tr>`);
const BODY = `
<div class="settings"></div>
<div class="quiz"></div>
<div class="says"><p class="sentence secret"></p><p class="why secret"></p><p class="where"></p></div>
<div class="player secret"></div>
<div class="boards">
  <figure><figcaption class="map_says"></figcaption><div class="board map" tabindex="0"
    role="application" aria-label="map: arrow keys move the start, Home takes it back, space plays">
    <canvas></canvas></div></figure>
  <figure class="secret"><figcaption>loss after each step</figcaption><div class="board curves" role="img">
    <canvas></canvas></div></figure>
</div>
<div class="line"><button class="back_start">start as at first</button> <button class="renew">other noise</button></div>
<table class="secret"><caption></caption>
  <tr><th scope="col" style="text-align:left">rule</th><th scope="col">loss</th><th scope="col">speed</th>
  <th scope="col">place</th></tr>${rows.join("")}</table>`;

function render({ model, el }) {
  const stage = openStage({ model, el }, BODY), { root, $, set, announce } = stage;
  const [map, curves] = root.querySelectorAll(".board");
  const cells = Array.from(root.querySelectorAll("table tr:not(:first-child)"), (row) => row.querySelectorAll("td"));
  const showSettings = settings($(".settings"), {
    surface: { label: "surface", choices: Object.keys(SURFACES) },
    learning_rate: { label: "learning rate", values: RATES },
    momentum: { label: "momentum", values: MOMENTA },
    decay: { label: "decay a step", values: DECAYS },
    noise: { label: "noise of SGD", limits: [0, 2, 0.1] },
  }, choose);

  let s, runners, surface, side, shading, shaded;

  const shown = () => clamp(model.get("step"), STEPS + 1);
  const play = player($(".player"), stage, {
    places: () => STEPS + 1, at: shown, go: (step) => stage.keep({ step }), noun: "step", loops: false,
    said: (step) => `step ${step}`, speeds: [60, 15],
  });

  question($(".quiz"), stage, {
    ask() {
      const names = Object.keys(SURFACES), name = names[Math.floor(Math.random() * names.length)];
      const near = RATES.indexOf(SURFACES[name].learning_rate) + Math.floor(Math.random() * 4) - 2;
      play.stop();
      set({ surface: name, start: [...SURFACES[name].start], learning_rate: RATES[near], momentum: 0.9, decay: 1,
            noise: 0.3, step: 0 });
      return { text: `Which one is lowest after ${ASKED_STEPS} steps?`, choices: NAMES };
    },
    judge(guess) {
      set({ step: ASKED_STEPS });
      return [lowest(s, runners, ASKED_STEPS).includes(guess), standing(s, runners, ASKED_STEPS)];
    },
  });

  function choose(changes) {
    const other = SURFACES[changes.surface];
    set(other ? { ...changes, start: [...other.start], learning_rate: other.learning_rate } : changes);
  }

  function draw() {
    s = stage.get(TRAITS);
    surface = SURFACES[s.surface];
    runners = race(s);
    side = Math.min(360, stage.width - 24);
    showSettings(s);
    for (const board of [map, curves]) Object.assign(board.style, { width: `${side}px`, height: `${side}px` });
    $(".where").textContent = `${s.surface}: ${surface.said}. `
      + `Start at (${s.start.map(short).join(", ")}).`;
    $(".map_says").textContent = `surface: ${stage.dark ? "lighter" : "darker"} is higher; ✕ start, + lowest`;
    shade();
    place();
  }

  const toX = (x) => ((x - surface.x[0]) / (surface.x[1] - surface.x[0])) * side;
  const toY = (y) => (1 - (y - surface.y[0]) / (surface.y[1] - surface.y[0])) * side;

  /** Bands of equal loss, on a canvas of its own: it changes with the surface alone. */
  function shade() {
    const now = `${s.surface} ${side} ${stage.dark}`, n = Math.ceil(side / COARSE);
    if (shaded === now) return;
    shaded = now;
    shading = Object.assign(document.createElement("canvas"), { width: n, height: n });
    const pen = shading.getContext("2d"), image = pen.createImageData(n, n), loss = LOSSES[s.surface];
    const at = (i, [least, most]) => least + ((i + 0.5) / n) * (most - least);
    for (let r = 0; r < n; r += 1) for (let c = 0; c < n; c += 1) {
      const high = loss(at(c, surface.x), at(n - 1 - r, surface.y));
      const band = Math.floor(2.5 * Math.log10(high + 1e-3) + 7.5), strong = 8 + 11 * Math.max(0, Math.min(band, 15));
      image.data.set([...(stage.dark ? [150, 170, 190] : [60, 80, 100]), strong * 1.1], 4 * (r * n + c));
    }
    pen.putImageData(image, 0, 0);
  }

  function place() {
    const step = shown();
    play.show();
    drawMap(step);
    drawCurves(step);
    const first = lowest(s, runners, step);
    NAMES.forEach((name, i) => {
      const places = runners[name], [x, y] = places[Math.min(step, places.length - 1)], lost = step >= places.length;
      const texts = lost ? ["diverged", "", ""]
        : [digits(height(s, places, step)), digits(speed(places, step)), `(${short(x)}, ${short(y)})`];
      if (step && first.length < NAMES.length && first.includes(name)) texts[0] = `▾ ${texts[0]}`;
      texts.forEach((text, k) => { cells[i][k].textContent = text; });
    });
    $("caption").textContent = `After step ${step} (▾ lowest; speed is the length of the last step, grey lines show it ${ARROW} times as long):`;
    $(".sentence").textContent = standing(s, runners, step);
    $(".why").textContent = explain(s, runners, step);
    $(".says").classList.toggle("amiss", $(".why").textContent !== "");
    curves.ariaLabel = `losses: ${NAMES.map((name) => `${name} ${digits(height(s, runners[name], step))}`).join(", ")}`;
    announce(`${standing(s, runners, step)} ${$(".why").textContent} ${$(".where").textContent}`);
  }

  const line = (pen, points, { colour, dash }) => stroke(pen, points, `rgb(${colour})`, 2.25, dash);
  const letter = (...what) => mark(...what, { size: 17, dark: stage.dark });

  function drawMap(step) {
    const pen = openCanvas(map.firstElementChild, side, side);
    pen.drawImage(shading, 0, 0, side, side);
    const seen = ([x, y]) => [toX(x), toY(y)].map((at) => Math.max(-9999, Math.min(at, 9999)));
    for (const name of NAMES) {
      const places = runners[name];
      line(pen, places.slice(0, step + 1).map(seen), MARKS[name]);
    }
    for (const name of NAMES) {
      const places = runners[name], last = Math.min(step, places.length - 1), [x, y] = seen(places[last]);
      if (step === 0) continue;
      const before = seen(places[Math.max(0, last - 1)]), style = MARKS[name];
      line(pen, [[x, y], [x + ARROW * (x - before[0]), y + ARROW * (y - before[1])]], { colour: GREY, dash: [] });
      letter(pen, style.mark, Math.max(8, Math.min(x, side - 8)), Math.max(8, Math.min(y, side - 8)), `rgb(${style.colour})`);
    }
    for (const lowestPlace of surface.lowest) letter(pen, "+", ...seen(lowestPlace), stage.ink);
    letter(pen, "✕", ...seen(s.start), stage.ink);
  }

  function drawCurves(step) {
    const pen = openCanvas(curves.firstElementChild, side, side), left = 52, low = side - 24, wide = side - left - 16;
    const heights = NAMES.map((name) => runners[name].map((_, i) => height(s, runners[name], i)));
    const first = heights[0][0], all = heights.flat().filter((high) => high <= 100 * first);
    const top = Math.ceil(Math.log10(Math.max(...all, 1e-3)));
    const bottom = Math.min(top - 1, Math.floor(Math.log10(Math.max(LOWEST_SHOWN, Math.min(...all)))));
    const across = (i) => left + (i / STEPS) * wide;
    const down = (high) => 8 + ((top - Math.log10(Math.max(high, LOWEST_SHOWN / 10))) / (top - bottom)) * (low - 8);
    Object.assign(pen, { font: "12px system-ui, sans-serif", fillStyle: stage.ink, textBaseline: "middle",
                         textAlign: "right", strokeStyle: tint(GREY, 0.4), lineWidth: 1 });
    for (let power = bottom; power <= top; power += Math.ceil((top - bottom) / 6)) {
      pen.fillText(digits(10 ** power), left - 6, down(10 ** power));
      pen.strokeRect(left, down(10 ** power), wide, 0);
    }
    pen.textAlign = "center";
    for (const i of [0, 50, 100, 150, 200]) pen.fillText(`${i}`, across(i), side - 10);
    pen.save();
    pen.beginPath();
    pen.rect(left - 10, 0, side, low + 4);
    pen.clip();
    NAMES.forEach((name, k) => line(pen, heights[k].map((high, i) => [across(i), Math.max(-20, down(high))]), MARKS[name]));
    line(pen, [[across(step), 0], [across(step), low]], { colour: GREY, dash: [4, 3] });
    NAMES.forEach((name, k) => {
      const high = heights[k][step];
      if (high !== undefined) letter(pen, MARKS[name].mark, across(step), Math.max(8, down(high)), `rgb(${MARKS[name].colour})`);
    });
    pen.restore();
  }

  const steps = ([least, most], at) => Math.round(((at - least) / (most - least)) * (PLACES - 1));
  const back = ([least, most], i) => least + (i / (PLACES - 1)) * (most - least);
  const moveTo = (x, y) => set({ start: [x, y] });
  onKeys(map, {
    size: () => [PLACES, PLACES],
    at: () => [PLACES - 1 - steps(surface.y, s.start[1]), steps(surface.x, s.start[0])],
    go: ([row, column]) => moveTo(back(surface.x, column), back(surface.y, PLACES - 1 - row)),
    space: play.toggle,
  });
  const renew = () => moveTo(...surface.start);
  map.addEventListener("keydown", ({ key }) => key === "Home" && renew());
  map.onclick = ({ offsetX, offsetY }) =>
    moveTo(...[[surface.x, offsetX / side], [surface.y, 1 - offsetY / side]].map(([[least, most], part]) => least + part * (most - least)));
  $(".back_start").onclick = renew;
  $(".renew").onclick = () => set({ seed: (s.seed + 1) % 1000 });

  stage.hear(TRAITS, draw);
  stage.hear(["step"], place);
  return stage.open(draw);
}

const short = (n) => `${+n.toFixed(2)}`.replace("-", "−");
const speed = (places, step) => (step ? Math.hypot(...places[step].map((at, i) => at - places[step - 1][i])) : 0);

export default { render };
