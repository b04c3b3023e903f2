import assert from "node:assert/strict";
import { test } from "node:test";
import * as channels from "../../course/explorers/channels_arithmetic.mjs";

let state = 7;
const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
const layers = Array.from({ length: 200 }, () => ({ ...channels.puzzle(random), ...channels.renewed(random) }));

test("windows times filters plus bias is the output", () => {
  for (const g of layers) {
    const { out } = channels.layer(g), filters = channels.filterRows(g);
    channels.windows(g).forEach((row, place) => filters.forEach((filter, f) => {
      const product = row.reduce((sum, number, t) => sum + number * filter[t], channels.biasOf(g, f));
      assert.equal(out[f][place], product);
    }));
  }
});

test("the lines that are spelled out come to the partial sums", () => {
  const value = (text) => Function(`return ${text.replaceAll("−", "-").replaceAll("·", "*")} + 0`)();
  for (const g of layers.slice(0, 50)) {
    const [f, r, s] = channels.placeAt(g, 5), place = r * channels.sizes(g).out + s;
    channels.sumLines(g, 5).forEach((line, c) => {
      const [sum, result] = line.split(": ")[1].split(" = ");
      assert.equal(value(sum), value(result));
      assert.equal(value(result), channels.layer(g).partial[f][c][place]);
    });
  }
});

test("a guess of the parameters is judged as a number", () => {
  const g = { channels: 3, filters: 4, size: 5, kernel: 3, stride: 1, bias: true };
  for (const [guess, right] of [["112", true], [" 112 ", true], ["108", false], ["", false], ["many", false]]) {
    assert.equal(channels.judgeParameters(g, guess)[0], right, guess);
  }
  assert.equal(channels.parameters({ ...g, bias: false }), 108);
});

test("puzzles and new numbers lie within their limits", () => {
  for (const g of layers) {
    for (const [name, [least, most]] of Object.entries(channels.LIMITS)) assert.ok(g[name] >= least && g[name] <= most);
    assert.ok(g.pixels.every((n) => n >= 0 && n <= channels.MOST_PIXEL) && g.pixels.length === 108);
    assert.ok(g.weights.every((n) => Math.abs(n) <= channels.MOST_WEIGHT) && g.weights.length === 108);
    assert.equal(g.biases.length, 4);
  }
});
