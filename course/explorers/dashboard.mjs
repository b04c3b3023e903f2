// A training while it runs: curves, filters, and the means to pause it and to change its learning rate.

import { BLUE, GREEN, GREY, ORANGE, PURPLE, VERMILLION, range, tint } from "./kit.mjs";
import { button } from "./question.mjs";
import { settings } from "./settings.mjs";
import { openStage } from "./stage.mjs";

const TRAITS = ["curves", "state", "learning_rate", "paused", "stopped", "iteration", "iterations", "epoch", "error",
                "filters", "filter_shape"];
export const RATES = range(-6, 0).flatMap((power) => [1, 2, 5].map((by) => Number(`${by}e${power}`)));
const COLOURS = { loss: BLUE, training: ORANGE, validation: GREEN, dead: VERMILLION };
const MORE = [BLUE, PURPLE, ORANGE, GREEN];
const DASHES = [[], [7, 4], [2, 3], [9, 3, 2, 3]];
const HEIGHT = 170, LEFT = 46, BOTTOM = 22;

const BODY = `
<div class="line doing"></div>
<div class="settings"></div>
<div class="says"><p class="formula"></p><p class="sentence"></p></div>
<div class="charts" style="display: grid; gap: 10px 16px; grid-template-columns: repeat(auto-fit, minmax(280px, 1fr))">
</div>
<figure class="weights"><figcaption>filters, each from its darkest to its brightest number</figcaption>
<canvas role="img" aria-label="filters as small pictures"
  style="width: 100%; max-width: 640px; image-rendering: pixelated"></canvas></figure>`;

const CHARTS = {
  loss: (names) => names.filter((name) => name === "loss"),
  "accuracy, and share of dead units": (names) => names.filter((n) => ["training", "validation", "dead"].includes(n)),
  "size of update / size of weights": (names) => names.filter((name) => name.includes("/")),
};

/** Least and most of curves, with their logarithms where small and large stand beside each other. */
export function limits(curves, logarithmic) {
  const values = curves.flatMap((points) => points.map(([, value]) => value))
    .filter((value) => value !== null && (!logarithmic || value > 0));
  if (!values.length) return logarithmic ? [1e-4, 1] : [0, 1];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (!logarithmic) return [Math.min(0, low), high > 0 ? high * 1.05 : 1];
  return [10 ** Math.floor(Math.log10(low)), 10 ** Math.ceil(Math.log10(high) + 1e-9)];
}

const short = (value) => (value === 0 ? "0" : Math.abs(value) >= 0.01 ? `${Number(value.toPrecision(3))}`
  : value.toExponential(0).replace("-", "−"));

/** What to make of a training, in a sentence. */
export function advice({ state, error, curves, learning_rate: rate }) {
  if (state === "failed") return `The training stopped: ${error}`;
  const losses = curves.loss ?? [], ratios = Object.keys(curves).filter((name) => name.includes("/"));
  if (!losses.length) return "Nothing has been trained yet.";
  if (losses.at(-1)[1] === null) return "The loss is no number any more: the learning rate was too large. Begin anew.";
  if (losses.length > 5 && losses.at(-1)[1] > 3 * losses[0][1]) return "The loss grows: divide the learning rate.";
  const dead = curves.dead?.at(-1)?.[1] ?? 0;
  if (dead > 0.5) return `${Math.round(100 * dead)} % of the hidden units are dead: no sample wakes them.`;
  const last = ratios.map((name) => curves[name].at(-1)[1]).filter((value) => value > 0);
  if (!last.length) return `Learning rate ${rate}.`;
  const most = Math.max(...last);
  if (most > 0.03) return `A step changes weights by up to ${short(100 * most)} % of their size: that is much.`;
  if (most < 1e-4) return "A step hardly changes the weights: a larger learning rate may do.";
  return `A step changes weights by up to ${short(100 * most)} % of their size; about 0.1 % is often good.`;
}

function render({ model, el }) {
  const stage = openStage({ model, el }, BODY), { root, $, set, announce } = stage;
  const pause = button("pause", () => set({ paused: !model.get("paused") }));
  const stop = button("stop", () => set({ stopped: true }));
  $(".doing").append(pause, stop, Object.assign(document.createElement("progress"), { max: 1 }));
  const showSettings = settings($(".settings"), {
    learning_rate: { label: "learning rate", values: RATES, text: (rate) => `${Number(rate.toPrecision(3))}` },
  }, set);
  for (const title of Object.keys(CHARTS)) {
    const figure = Object.assign(document.createElement("figure"), { innerHTML:
      "<figcaption></figcaption><canvas role='img'></canvas><div class='legend'></div>" });
    figure.firstChild.textContent = title;
    $(".charts").append(figure);
  }
  let t;

  function draw() {
    t = stage.get(TRAITS);
    showSettings(t);
    const isOver = ["stopped", "finished", "failed"].includes(t.state);
    pause.textContent = t.paused ? "go on" : "pause";
    pause.disabled = stop.disabled = isOver || t.state === "ready";
    for (const slider of root.querySelectorAll(".settings input")) slider.disabled = isOver;
    const bar = $("progress"), said = `iteration ${t.iteration} of ${t.iterations}, epoch ${t.epoch}`;
    bar.value = t.iterations ? t.iteration / t.iterations : 0;
    bar.ariaLabel = "how far the training is";
    $(".formula").textContent = `${t.state}: ${said}`;
    $(".sentence").textContent = advice(t);
    $(".says").classList.toggle("amiss", t.state === "failed" || t.curves.loss?.at(-1)?.[1] === null);
    root.querySelectorAll(".charts figure").forEach((figure, i) => drawChart(figure, Object.values(CHARTS)[i], i === 2));
    drawFilters();
    if (!stage.playing && t.state !== "running") announce(`${t.state}: ${said}. ${advice(t)}`);
  }

  function drawChart(figure, choose, logarithmic) {
    const canvas = figure.querySelector("canvas"), names = choose(Object.keys(t.curves));
    const wide = figure.clientWidth, scale = window.devicePixelRatio, pen = canvas.getContext("2d");
    if (canvas.width !== Math.round(wide * scale)) {
      Object.assign(canvas, { width: Math.round(wide * scale), height: HEIGHT * scale });
      Object.assign(canvas.style, { width: `${wide}px`, height: `${HEIGHT}px` });
    }
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.clearRect(0, 0, wide, HEIGHT);
    const curves = names.map((name) => t.curves[name]), [low, high] = limits(curves, logarithmic);
    const height = (value) => (logarithmic ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low));
    const x = (iteration) => LEFT + ((wide - LEFT - 8) * iteration) / Math.max(1, t.iterations);
    const y = (value) => 6 + (HEIGHT - BOTTOM - 6) * (1 - height(value));
    Object.assign(pen, { font: "12px system-ui, sans-serif", fillStyle: stage.ink, strokeStyle: tint(GREY, 0.6) });
    pen.textBaseline = "middle";
    for (const value of [low, logarithmic ? Math.sqrt(low * high) : (low + high) / 2, high]) {
      pen.textAlign = "right";
      pen.fillText(short(value), LEFT - 5, Math.max(8, y(value)));
      pen.beginPath(), pen.moveTo(LEFT, y(value)), pen.lineTo(wide - 8, y(value)), pen.stroke();
    }
    for (const [at, align] of [[0, "left"], [t.iterations, "right"]]) {
      pen.textAlign = align;
      pen.fillText(`${at}`, x(at), HEIGHT - 8);
    }
    names.forEach((name, i) => {
      Object.assign(pen, { strokeStyle: tint(COLOURS[name] ?? MORE[i % 4], 1), lineWidth: 2 });
      pen.setLineDash(DASHES[i % 4]);
      pen.beginPath();
      let isDown = false;
      for (const [iteration, value] of t.curves[name]) {
        const isThere = value !== null && (!logarithmic || value > 0);
        if (isThere) pen[isDown ? "lineTo" : "moveTo"](x(iteration), y(value));
        isDown = isThere;
      }
      pen.stroke();
      pen.setLineDash([]);
    });
    const said = names.map((name) => `${name} ${short(t.curves[name].at(-1)[1] ?? NaN)}`).join(", ");
    canvas.ariaLabel = `${figure.firstChild.textContent}: ${said || "nothing yet"}`;
    figure.querySelector(".legend").replaceChildren(...names.map((name, i) => {
      const key = Object.assign(document.createElement("span"), { textContent:
        `${["—", "– –", "···", "–·"][i % 4]} ${name} ${short(t.curves[name].at(-1)[1] ?? NaN)}  ` });
      key.style.borderBottom = `3px solid ${tint(COLOURS[name] ?? MORE[i % 4], 1)}`;
      key.style.marginRight = "10px";
      return key;
    }));
  }

  function drawFilters() {
    const [many = 0, high, wide] = t.filter_shape, canvas = $(".weights canvas");
    $(".weights").hidden = !many;
    if (!many) return;
    const across = Math.min(many, 12), bytes = new Uint8Array(t.filters.buffer, t.filters.byteOffset);
    canvas.width = across * (wide + 1);
    canvas.height = Math.ceil(many / across) * (high + 1);
    const pen = canvas.getContext("2d");
    for (const k of range(0, many - 1)) {
      const image = pen.createImageData(wide, high);
      for (const p of range(0, high * wide - 1)) {
        image.data.set(bytes.subarray(3 * (k * high * wide + p), 3 * (k * high * wide + p) + 3), 4 * p);
        image.data[4 * p + 3] = 255;
      }
      pen.putImageData(image, (k % across) * (wide + 1), Math.floor(k / across) * (high + 1));
    }
  }

  stage.hear(TRAITS, draw);
  return stage.open(draw);
}

export default { render };
