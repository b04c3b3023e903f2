// Activations, shown: a point on the curve and on its slope, and a gradient on its way back through a stack.

import { KINDS, LIMITS, SIZES, puzzle, sentence, sizeOf, stack, stackLines, stackSentence } from "./activations_arithmetic.mjs";
import { onKeys, openCanvas } from "./board.mjs";
import { BLUE, DEEP_BLUE, GREEN, GREY, ORANGE, VERMILLION, clamp, range, tint } from "./kit.mjs";
import { player } from "./player.mjs";
import { question } from "./question.mjs";
import { settings } from "./settings.mjs";
import { openStage } from "./stage.mjs";

const [LEAST, MOST, STEP] = LIMITS.z;
const PLACES = Math.round((MOST - LEAST) / STEP) + 1;
const HEIGHT = 230, WIDEST = 470, EDGE = 34;
const [LOW, HIGH] = [-1.5, 2.5]; // values that the curve's board shows
const DECADES = [-12, 6]; // gradients that the bars can show, as powers of ten

const BODY = `
<div class="settings"></div>
<div class="quiz"></div>
<div class="says secret"><p class="formula"></p><p class="sentence"></p><p class="stacked"></p></div>
<div class="player secret"></div>
<div class="boards">
  <figure><figcaption></figcaption><div class="board curve" tabindex="0" role="slider" aria-label="point on the curve: z"
    aria-valuemin="${LEAST}" aria-valuemax="${MOST}" style="touch-action: pan-y"><canvas></canvas></div></figure>
  <figure class="secret"><figcaption></figcaption><div class="board bars" role="img"><canvas></canvas></div></figure>
</div>
<p class="legend">solid: value · dashed: slope · circle: your z, drag it or use the arrow keys</p>
<pre class="sum secret" tabindex="0" role="region" aria-label="the stack, layer by layer"></pre>`;

const placeOf = (z) => Math.round((z - LEAST) / STEP);
const zOf = (place) => Math.round((LEAST + place * STEP) * 10) / 10;

function render({ model, el }) {
  const stage = openStage({ model, el }, BODY), { root, $, set, announce } = stage;
  const [curve, bars] = root.querySelectorAll(".board"), captions = root.querySelectorAll("figcaption");
  const showSettings = settings($(".settings"), {
    kind: { label: "activation", choices: Object.keys(KINDS) },
    z: { label: "z", limits: LIMITS.z, text: (z) => z.toFixed(1).replace("-", "−") },
    layers: { label: "layers", limits: LIMITS.layers },
    weight: { label: "weight", limits: LIMITS.weight },
  }, set);
  let now, width;

  const go = (place) => stage.keep({ z: zOf(place) });
  const play = player($(".player"), stage, {
    places: () => PLACES, at: () => placeOf(model.get("z")), go, said: (place) => `z = ${zOf(place)}`,
    noun: "sweep z", speeds: [60, 20],
  });

  question($(".quiz"), stage, {
    ask() {
      const { kind, z, layers, weight } = puzzle(Math.random);
      set({ kind, z, layers, weight });
      return {
        text: `A gradient of 1 goes back through ${layers} layers of ${kind}, z = ${z}, weights ${weight}. How much arrives?`,
        choices: SIZES,
      };
    },
    judge(guess) {
      const [{ gradient }] = stack(now.kind, now);
      return [guess === sizeOf(gradient), stackSentence(now.kind, now)];
    },
  });

  function draw() {
    now = stage.get(["kind", "z", "layers", "weight"]);
    showSettings(now);
    width = Math.min(WIDEST, stage.width - 12);
    $(".formula").textContent = `${now.kind}(z) = ${KINDS[now.kind].formula}`;
    $(".sentence").textContent = sentence(now.kind, now.z);
    $(".stacked").textContent = stackSentence(now.kind, now);
    $(".sum").textContent = stackLines(now.kind, now).join("\n");
    captions[0].textContent = `${now.kind}, its value and its slope`;
    captions[1].textContent = "gradient at each layer: it starts at the right and goes to the left";
    curve.ariaValueNow = now.z;
    curve.ariaValueText = sentence(now.kind, now.z);
    bars.ariaLabel = stackSentence(now.kind, now);
    drawCurve();
    drawBars();
    play.show();
    announce(`${sentence(now.kind, now.z)} ${stackSentence(now.kind, now)}`);
  }

  function open(board) {
    Object.assign(board.style, { width: `${width}px`, height: `${HEIGHT}px` });
    const pen = openCanvas(board.firstElementChild, width, HEIGHT);
    return Object.assign(pen, { font: "12px system-ui, sans-serif", textBaseline: "middle", fillStyle: stage.ink });
  }

  function line(pen, colour, lineWidth, points, dash = []) {
    Object.assign(pen, { strokeStyle: colour, lineWidth });
    pen.setLineDash(dash);
    pen.beginPath();
    for (const [x, y] of points) pen.lineTo(x, y);
    pen.stroke();
    pen.setLineDash([]);
  }

  const across = (z) => EDGE + ((z - LEAST) / (MOST - LEAST)) * (width - EDGE - 12);
  const down = (value) => HEIGHT - 22 - ((value - LOW) / (HIGH - LOW)) * (HEIGHT - 34);

  function drawCurve() {
    const pen = open(curve), { value, slope } = KINDS[now.kind];
    pen.textAlign = "right";
    for (const tick of [-1, 0, 1, 2]) {
      line(pen, tint(GREY, tick ? 0.35 : 0.9), 1, [[EDGE, down(tick)], [width - 12, down(tick)]]);
      pen.fillText(`${tick}`.replace("-", "−"), EDGE - 6, down(tick));
    }
    pen.textAlign = "center";
    for (const tick of [-6, -4, -2, 0, 2, 4, 6]) {
      line(pen, tint(GREY, tick ? 0.35 : 0.9), 1, [[across(tick), down(LOW)], [across(tick), down(HIGH)]]);
      pen.fillText(`${tick}`.replace("-", "−"), across(tick), HEIGHT - 10);
    }
    const zs = range(0, 480).map((i) => LEAST + i / 40);
    pen.save();
    pen.beginPath();
    pen.rect(EDGE, 0, width - EDGE, HEIGHT - 20);
    pen.clip();
    line(pen, tint(stage.dark ? ORANGE : VERMILLION, 1), 2, zs.map((z) => [across(z), down(slope(z))]), [6, 4]);
    line(pen, tint(stage.dark ? BLUE : DEEP_BLUE, 1), 3, zs.map((z) => [across(z), down(value(z))]));
    if (!root.classList.contains("asking")) drawPoint(pen, value(now.z), slope(now.z));
    pen.restore();
  }

  function drawPoint(pen, value, slope) {
    const x = across(now.z), far = 1.2; // the tangent: as much as the value rises for a step of `far` to each side
    line(pen, stage.ink, 1, [[x, down(LOW)], [x, down(HIGH)]], [2, 3]);
    line(pen, stage.ink, 2, [-far, far].map((by) => [across(now.z + by), down(value + by * slope)]));
    for (const [y, radius, colour] of [[value, 8, DEEP_BLUE], [slope, 5, VERMILLION]]) {
      pen.beginPath();
      pen.arc(x, Math.max(radius, down(y)), radius, 0, 7);
      Object.assign(pen, { fillStyle: tint(colour, 1), strokeStyle: stage.ink, lineWidth: 2 });
      pen.fill();
      pen.stroke();
    }
  }

  function drawBars() {
    const pen = open(bars), layers = stack(now.kind, now), [least, most] = DECADES;
    const left = 46, wide = (width - left - 8) / layers.length;
    const high = (power) => 14 + ((most - power) / (most - least)) * (HEIGHT - 50);
    const powers = { 6: "10⁶", 3: "1000", 0: "1", "-3": "0.001", "-6": "10⁻⁶", "-9": "10⁻⁹", "-12": "10⁻¹²" };
    pen.textAlign = "right";
    for (const [power, text] of Object.entries(powers)) {
      line(pen, tint(GREY, Number(power) ? 0.35 : 0.9), 1, [[left, high(power)], [width - 8, high(power)]]);
      pen.fillText(text, left - 6, high(power));
    }
    pen.textAlign = "center";
    layers.forEach(({ gradient }, i) => {
      const power = Math.max(least, Math.min(most, Math.log10(Math.abs(gradient)))), x = left + i * wide;
      pen.fillStyle = stage.ink;
      if (wide > 18 || i % 5 === 4 || i === 0) pen.fillText(`${i + 1}`, x + wide / 2, HEIGHT - 24);
      if (gradient === 0) return pen.fillText("0", x + wide / 2, high(least) - 9);
      pen.fillStyle = tint(power < -6 ? VERMILLION : power < 0 ? ORANGE : GREEN, 0.75);
      const top = Math.min(high(power), high(0)), tall = Math.max(2, Math.abs(high(power) - high(0)));
      pen.fillRect(x + 1.5, top, wide - 3, tall);
      Object.assign(pen, { strokeStyle: stage.ink, lineWidth: 1 });
      pen.strokeRect(x + 1.5, top, wide - 3, tall);
    });
    pen.fillStyle = stage.ink;
    pen.fillText("layer", left + (width - left) / 2, HEIGHT - 8);
  }

  const drag = (event) => {
    if (!event.buttons) return;
    const place = Math.round(((event.offsetX - EDGE) / (width - EDGE - 12)) * (PLACES - 1));
    set({ z: zOf(clamp(place, PLACES)) });
  };
  curve.onpointerdown = (event) => {
    play.stop();
    curve.setPointerCapture(event.pointerId);
    drag(event);
  };
  curve.onpointermove = drag;
  onKeys(curve, {
    size: () => [1, PLACES], at: () => [0, placeOf(now.z)], space: play.toggle,
    go: ([, place]) => { play.stop(); set({ z: zOf(place) }); },
  });
  stage.hear(["kind", "z", "layers", "weight"], draw);
  stage.hear(["guessed"], draw);
  return stage.open(draw);
}

export default { render };
