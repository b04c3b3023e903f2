// Channels and filters, shown: each channel's partial sums, their sum, and the im2col matrix whose row is the window.

import { cellAt, cellSize, onKeys, paint } from "./board.mjs";
import {
  LIMITS, MOST_PIXEL, MOST_WEIGHT, NAMES, biasOf, cellSentence, channel, filterRows, judgeParameters, layer, placeAt,
  puzzle, renewed, sentence, sizes, slice, sumLines, windows,
} from "./channels_arithmetic.mjs";
import { BLUE, GREEN, ORANGE, VERMILLION, range, signed, tint } from "./kit.mjs";
import { player } from "./player.mjs";
import { question } from "./question.mjs";
import { settings } from "./settings.mjs";
import { openStage } from "./stage.mjs";

const NUMBERS = ["pixels", "weights", "biases"];
const COLOURS = [VERMILLION, GREEN, BLUE]; // of the channels; their names say it too
const COLOUR_NAMES = ["red", "green", "blue"];
const BETWEEN_BOARDS = 110;
const NARROWEST = 96; // px, room for what is written above a board

const board = (name, attributes) => `<div class="board ${name}" ${attributes}>
  <canvas></canvas><div class="here"></div></div>`;
const picture = (name, what) => board(name, `role="img" aria-label="${what}"`);
const still = (name, what) =>
  `<figure style="min-width: ${NARROWEST}px"><figcaption></figcaption>${picture(name, what)}</figure>`;
const BODY = `
<div class="settings"></div>
<div class="line"><button class="renew">new numbers</button></div>
<div class="quiz"></div>
<div class="says secret"><p class="formula">out[f, i, j] = b[f] + sum over c, p, q of x[c, S·i + p, S·j + q] · w[f, c, p, q]</p>
  <p class="sentence"></p></div>
<div class="player secret"></div>
${COLOURS.map((_, c) => `<div class="boards through">${still("input", `input, channel ${c}`)}${
  still("slice", `weights of channel ${c}`)}${still("part", `partial sums of channel ${c}`)}</div>`).join("")}
<div class="boards maps">${range(0, LIMITS.filters[1] - 1).map((f) => `<figure><figcaption></figcaption>
  ${board("map", `tabindex="0" role="application"
    aria-label="map of filter ${f}: arrow keys move the window, space plays, Home and End go to the ends"`)}</figure>`).join("")}</div>
<p class="cell"></p>
<pre class="sum" tabindex="0" role="region" aria-label="one output cell spelled out"></pre>
<p class="secret">The same as one matrix product: a window through all channels is a row, and so is each filter here.</p>
<div class="boards matrix secret" style="align-items: flex-end">
  <figure><figcaption></figcaption>${picture("filters", "filters as rows")}<figcaption></figcaption>
    ${board("rows", `tabindex="0" role="application"
      aria-label="im2col matrix: up and down pick a row, which is a window; left and right pick the filter"`)}</figure>
  <figure><figcaption></figcaption>${picture("product", "the product, a column for each filter")}</figure>
</div>`;

function render({ model, el }) {
  const stage = openStage({ model, el }, BODY), { root, $, set, announce } = stage;
  const all = (selector) => Array.from(root.querySelectorAll(selector));
  const [through, maps] = [all(".through"), all(".map")];
  const [filters, rows, product] = [$(".filters"), $(".rows"), $(".product")];
  const showSettings = settings($(".settings"), {
    channels: { label: "input channels C", limits: LIMITS.channels },
    filters: { label: "filters F", limits: LIMITS.filters },
    size: { label: "input N", limits: LIMITS.size },
    kernel: { label: "kernel K", limits: LIMITS.kernel },
    stride: { label: "stride S", limits: LIMITS.stride },
    bias: { label: "bias", switch: true },
  }, set);
  const hatches = {};
  let g, cell, small, found;

  const positionOf = (f, r, s) => f * sizes(g).places + r * sizes(g).out + s;
  const choose = (...at) => { play.stop(); set({ position: positionOf(...at) }); };
  const play = player($(".player"), stage, {
    places: () => g.filters * sizes(g).places,
    at: () => positionOf(...placeAt(g, model.get("position"))),
    go: (position) => stage.keep({ position }),
    said: (position) => cellSentence(g, position),
    noun: "cell",
  });

  question($(".quiz"), stage, {
    ask() {
      set(puzzle(Math.random));
      return { text: "How many parameters has this layer, in all its filters?" };
    },
    judge: (guess) => judgeParameters(g, guess),
  });

  const numbers = (rows, colour, most) => (r, c) => [signed(rows[r][c]), tint(colour, 0.6 * Math.abs(rows[r][c]) / most)];
  const grid = (list, side) => range(0, side - 1).map((r) => list.slice(r * side, (r + 1) * side));

  function draw() {
    g = stage.get([...NAMES, ...NUMBERS]);
    found = layer(g);
    showSettings(g);
    const { out, taps, places } = sizes(g);
    cell = cellSize(stage.width - BETWEEN_BOARDS, g.size + g.kernel + out);
    small = cellSize(stage.width - BETWEEN_BOARDS / 2, taps + g.filters);
    $(".sentence").textContent = sentence(g);
    through.forEach((line, c) => { line.hidden = c >= g.channels; });
    maps.forEach((map, f) => { map.parentElement.hidden = f >= g.filters; });
    drawChannels();
    const style = { cell, ink: stage.ink, hatches };
    maps.slice(0, g.filters).forEach((map, f) => {
      const bias = g.bias ? `, bias ${signed(biasOf(g, f))}` : "";
      map.previousElementSibling.textContent = `map of filter ${f}${bias}`;
      paint(map, out, out, style, (r, s) => [signed(found.out[f][r * out + s]), tint(ORANGE, 0.15)]);
    });
    drawMatrix(taps, places);
    place();
  }

  function drawChannels() {
    const style = { cell, ink: stage.ink, hatches };
    for (const c of range(0, g.channels - 1)) {
      const [input] = through[c].querySelectorAll(".board"), x = channel(g, c);
      input.previousElementSibling.textContent = `channel ${c}, ${COLOUR_NAMES[c]}`;
      paint(input, g.size, g.size, style, numbers(x, COLOURS[c], MOST_PIXEL));
    }
  }

  function drawMatrix(taps, places) {
    const style = { cell: small, ink: stage.ink, hatches }, area = g.kernel * g.kernel;
    const coloured = (matrix, most) => (r, t) => numbers(matrix, COLOURS[Math.floor(t / area)], most)(r, t);
    const [above, between, right] = all(".matrix figcaption");
    above.textContent = `the filters: ${g.filters} × ${taps}, transposed`;
    between.textContent = `the windows, im2col: ${places} × ${taps}`;
    right.textContent = `product${g.bias ? " + bias" : ""}: ${places} × ${g.filters}`;
    paint(filters, g.filters, taps, style, coloured(filterRows(g), MOST_WEIGHT));
    paint(rows, places, taps, style, coloured(windows(g), MOST_PIXEL));
    paint(product, places, g.filters, style, (r, f) => [signed(found.out[f][r]), tint(ORANGE, 0.15)]);
  }

  function put(board, [row, column], [high, wide], size) {
    const here = board.querySelector(".here");
    here.hidden = high === 0;
    Object.assign(here.style, {
      width: `${wide * size}px`, height: `${high * size}px`, translate: `${column * size}px ${row * size}px`,
    });
  }

  function place() {
    const { out, taps } = sizes(g), [f, r, s] = placeAt(g, model.get("position")), at = r * out + s;
    const style = { cell, ink: stage.ink, hatches }, corner = [g.stride * r, g.stride * s];
    for (const c of range(0, g.channels - 1)) {
      const [input, weights, part] = through[c].querySelectorAll(".board"), sums = grid(found.partial[f][c], out);
      weights.previousElementSibling.textContent = `filter ${f}, slice ${c}`;
      paint(weights, g.kernel, g.kernel, style, numbers(slice(g, f, c), COLOURS[c], MOST_WEIGHT));
      part.previousElementSibling.textContent = "partial sums";
      paint(part, out, out, style, (i, j) => [signed(sums[i][j]), tint(COLOURS[c], 0.15)]);
      put(input, corner, [g.kernel, g.kernel], cell);
      put(weights, [0, 0], [0, 0], cell);
      put(part, [r, s], [1, 1], cell);
    }
    maps.forEach((map, other) => put(map, [r, s], other === f ? [1, 1] : [0, 0], cell));
    put(filters, [f, 0], [1, taps], small);
    put(rows, [at, 0], [1, taps], small);
    put(product, [at, f], [1, 1], small);
    $(".cell").textContent = cellSentence(g, model.get("position"));
    $(".sum").textContent = sumLines(g, model.get("position")).join("\n");
    play.show();
    announce(`${cellSentence(g, model.get("position"))} Row ${at} of the matrix.`);
  }

  maps.forEach((map, f) => {
    map.onclick = (event) => choose(f, ...cellAt(event, cell));
    onKeys(map, {
      size: () => Array(2).fill(sizes(g).out), go: (at) => choose(f, ...at), space: play.toggle,
      at: () => placeAt(g, model.get("position")).slice(1),
    });
  });
  const chooseRow = ([row, f]) => choose(f, Math.floor(row / sizes(g).out), row % sizes(g).out);
  const chosen = () => placeAt(g, model.get("position"));
  rows.onclick = (event) => chooseRow([cellAt(event, small)[0], chosen()[0]]);
  onKeys(rows, {
    size: () => [sizes(g).places, g.filters], go: chooseRow, space: play.toggle,
    at: () => [chosen()[1] * sizes(g).out + chosen()[2], chosen()[0]],
  });
  $(".renew").onclick = () => set(renewed(Math.random));
  stage.hear([...NAMES, ...NUMBERS], draw);
  stage.hear(["position"], place);
  return stage.open(draw);
}

export default { render };
