// The gradient check, shown: error against step, and the function as it looks from as near as the step.

import { onKeys, openCanvas } from "./board.mjs";
import { digits } from "./digits.mjs";
import {
  ASKED, CUTS, FINE, FUNCTIONS, PLACES, STEPS, best, errors, measure, rounding, signed, summary, truncation, typical, verdict,
} from "./gradcheck_arithmetic.mjs";
import { BLUE, DEEP_BLUE, GREY, ORANGE, VERMILLION, range, tint } from "./kit.mjs";
import { mark, stroke } from "./pen.mjs";
import { question } from "./question.mjs";
import { settings } from "./settings.mjs";
import { openStage } from "./stage.mjs";

const TRAITS = ["function", "x", "precision", "h"];
const [LOWEST, HIGHEST] = [1e-13, 1];
const LINES = { float64: { colour: DEEP_BLUE, dash: [], mark: "●" }, float32: { colour: VERMILLION, dash: [7, 3], mark: "■" } };
const SAMPLES = 200;

const BODY = `
<div class="settings" style="--least: 215px"></div>
<div class="quiz"></div>
<div class="says secret"><p class="summary"></p><p class="sentence"></p></div>
<div class="boards">
  <figure class="secret"><figcaption>relative error against step h: <span style="color:var(--accent)">●</span> float64,
    <span style="color:rgb(${VERMILLION})">■</span> float32; dotted: h² and 1/h of the chosen one</figcaption>
    <div class="board errors" tabindex="0" role="application"
    aria-label="error curve: arrow keys change the step, Home and End go to the ends"><canvas></canvas></div></figure>
  <figure class="secret"><figcaption class="near_says"></figcaption><div class="board near" role="img"><canvas></canvas></div></figure>
</div>
<pre class="sum secret" tabindex="0" role="region" aria-label="the measured slope spelled out"></pre>`;

function render({ model, el }) {
  const stage = openStage({ model, el }, BODY), { root, $, set, announce } = stage;
  const [curve, near] = root.querySelectorAll(".board");
  const showSettings = settings($(".settings"), {
    function: { label: "f(x)", choices: Object.keys(FUNCTIONS), text: (name) => FUNCTIONS[name].formula },
    x: { label: "x", values: PLACES, text: (x) => `${x}`.replace("-", "−") },
    precision: { label: "arithmetic", choices: Object.keys(CUTS) },
    h: { label: "step h", values: [...STEPS], text: digits },
  }, set);
  const slider = $("[data-name=h]"); // from large to small, so that right is smaller
  slider.oninput = (event) => { event.stopPropagation(); set({ h: STEPS[slider.valueAsNumber] }); };

  let s, wide, high, curves;

  question($(".quiz"), stage, {
    ask() {
      const pick = (values) => values[Math.floor(Math.random() * values.length)];
      set({ function: pick(Object.keys(FUNCTIONS).slice(0, 3)), x: pick([0.5, 0.7, 1, 2]), precision: pick(Object.keys(CUTS)) });
      const { function: name, x, precision } = stage.get(TRAITS);
      return { text: `f(x) = ${FUNCTIONS[name].formula} at x = ${x} in ${precision}: which step has the least error?`,
               choices: ASKED.map(digits) };
    },
    judge(guess) {
      const least = best(s);
      set({ h: least });
      return [guess === digits(least), `The least is that of h = ${digits(least)}, about ${digits(typical(s, least))}; `
        + `with ${guess} it is about ${digits(typical(s, ASKED.find((h) => digits(h) === guess)))}.`];
    },
  });

  function draw() {
    s = stage.get(TRAITS);
    wide = Math.min(460, stage.width - 24);
    high = Math.min(300, wide);
    showSettings(s);
    slider.value = STEPS.indexOf(s.h);
    LINES.float64.colour = stage.dark ? BLUE : DEEP_BLUE;
    for (const board of [curve, near]) {
      Object.assign(board.style, { width: `${wide}px`, height: `${high}px` });
      board.parentElement.style.width = `${wide + 8}px`;
    }
    curves = Object.fromEntries(Object.keys(CUTS).map((precision) => [precision, errors({ ...s, precision })]));
    drawErrors();
    drawNear();
    const there = measure(s, s.h), exact = FUNCTIONS[s.function].slope(s.x), all = s.precision === "float64" ? 17 : 9;
    $(".summary").textContent = summary(s);
    $(".sentence").textContent = verdict(s);
    $(".says").classList.toggle("amiss", there.error > 1e-4);
    const whole = (number) => number.toPrecision(all).replace("-", "−");
    $(".sum").textContent = [`f(x + h) = ${whole(there.up)}`, `f(x − h) = ${whole(there.down)}`,
      `(f(x + h) − f(x − h)) / 2h = ${whole(there.slope)}`, `derived:  f′(x) = ${whole(exact)}`].join("\n");
    announce(`${summary(s)} ${verdict(s)}`);
  }

  const across = (h) => 50 + (-Math.log10(h) - 1) / 11.9 * (wide - 66);
  const down = (error) => 10 + Math.log10(Math.max(error, LOWEST) / HIGHEST) / Math.log10(LOWEST / HIGHEST) * (high - 50);
  const letter = (...what) => mark(...what, { size: 18, dark: stage.dark });

  function drawErrors() {
    const pen = openCanvas(curve.firstElementChild, wide, high), bottom = down(LOWEST);
    Object.assign(pen, { font: "12px system-ui, sans-serif", fillStyle: stage.ink, textBaseline: "middle", textAlign: "right" });
    for (const power of [0, -3, -6, -9, -12]) {
      pen.fillText(digits(10 ** power), 42, down(10 ** power));
      stroke(pen, [[48, down(10 ** power)], [wide - 8, down(10 ** power)]], tint(GREY, 0.35), 1);
    }
    pen.textAlign = "center";
    for (const h of STEPS.filter((_, i) => i % 2 === 0)) pen.fillText(digits(h), across(h), bottom + 14);
    pen.fillText("step h, ever smaller →", wide / 2 + 20, high - 8);
    pen.save();
    pen.beginPath();
    pen.rect(46, 0, wide, bottom + 2);
    pen.clip();
    for (const law of [truncation, rounding]) {
      const seen = FINE.filter((h) => law(s, h) > LOWEST);
      stroke(pen, seen.map((h) => [across(h), down(law(s, h))]), stage.ink, 1.5, [2, 4]);
    }
    for (const [precision, { colour, dash }] of Object.entries(LINES)) {
      const chosen = precision === s.precision;
      stroke(pen, FINE.map((h, i) => [across(h), down(curves[precision][i])]), tint(colour, chosen ? 1 : 0.75), chosen ? 2.5 : 1.5, dash);
    }
    pen.restore();
    stroke(pen, [[across(s.h), 6], [across(s.h), bottom]], tint(GREY, 0.9), 1, [4, 3]);
    letter(pen, LINES[s.precision].mark, across(s.h), down(measure(s, s.h).error), `rgb(${LINES[s.precision].colour})`);
  }

  /** The function from x - 2h to x + 2h, as the chosen arithmetic has it, and the line through the two values. */
  function drawNear() {
    const pen = openCanvas(near.firstElementChild, wide, high), cut = CUTS[s.precision], { f } = FUNCTIONS[s.function];
    const { up, down: low, slope } = measure(s, s.h);
    const samples = range(0, SAMPLES).map((i) => -2 + (4 * i) / SAMPLES);
    const heights = samples.map((part) => f(cut(cut(s.x) + cut(part * s.h)), cut) - low);
    const least = Math.min(...heights, 0), most = Math.max(...heights, up - low), flat = most === least;
    const toX = (part) => 20 + ((part + 2) / 4) * (wide - 40);
    const toY = (height) => (flat ? high / 2 : high - 36 - ((height - least) / (most - least)) * (high - 56));
    const points = samples.map((part, i) => [toX(part), toY(heights[i])]);
    stroke(pen, points, `rgb(${BLUE})`, 3);
    const middle = (up - low) / 2;
    stroke(pen, [-2, 2].map((part) => [toX(part), toY(middle + part * slope * s.h)]), `rgb(${ORANGE})`, 2, [8, 4]);
    for (const part of [-1, 1]) letter(pen, "●", toX(part), toY(part < 0 ? 0 : up - low), `rgb(${ORANGE})`);
    Object.assign(pen, { font: "12px system-ui, sans-serif", fillStyle: stage.ink, textAlign: "center" });
    [["x − h", -1], ["x", 0], ["x + h", 1]].forEach(([text, part]) => {
      stroke(pen, [[toX(part), high - 30], [toX(part), high - 24]], stage.ink, 1);
      pen.fillText(text, toX(part), high - 14);
    });
    $(".near_says").textContent = `f from x − 2h to x + 2h in ${s.precision}: blue f, orange the measured slope ${signed(slope)}`;
    near.ariaLabel = `the function near x = ${s.x}; the line through the two values has the slope ${signed(slope)}`;
  }

  onKeys(curve, { size: () => [1, STEPS.length], at: () => [0, STEPS.indexOf(s.h)], go: ([, i]) => set({ h: STEPS[i] }) });
  curve.onclick = ({ offsetX }) => set({ h: STEPS.reduce((one, h) =>
    (Math.abs(across(h) - offsetX) < Math.abs(across(one) - offsetX) ? h : one)) });

  stage.hear(TRAITS, draw);
  return stage.open(draw);
}

export default { render };
