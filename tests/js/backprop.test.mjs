import assert from "node:assert/strict";
import { test } from "node:test";
import {
  NETS, cells, graph, lines, meaning, measured, number, sign, stepFor, stepOf, steps, ways,
} from "../../course/explorers/backprop_arithmetic.mjs";

const everyNumber = (g) => Object.entries(g.gradients).filter(([name]) => name !== "L")
  .flatMap(([name, all]) => all.map((gradient, at) => ({ name, at, gradient })));

test("each gradient is the one that is measured, or stands at a kink and says so", () => {
  for (const net of Object.keys(NETS)) {
    for (let seed = 0; seed < 10; seed += 1) {
      const g = graph(net, seed);
      for (const { name, at, gradient } of everyNumber(g)) {
        if (Math.abs(gradient - measured(net, seed, name, at)) < 1e-8) continue;
        assert.deepEqual([name, g.values.h[at]], ["h", 0], `${net} ${seed} ${name} ${at}`);
        const step = stepFor(net, name, true);
        const place = cells(net, step).findIndex(([other, i]) => other === name && i === at);
        assert.match(lines(g, step, place).at(-1), /kink/);
      }
    }
  }
});

test("a gradient is the sum of its ways", () => {
  for (const net of Object.keys(NETS)) {
    const g = graph(net, 3);
    for (const { name, at, gradient } of everyNumber(g)) {
      const sum = ways(g, name, at).reduce((all, way) => all + way.slope * way.gradient, 0);
      assert.ok(Math.abs(sum - gradient) < 1e-12);
    }
  }
});

test("every number is computed in one step forward and its gradient in one step back", () => {
  for (const net of Object.keys(NETS)) {
    for (let step = 0; step < steps(net); step += 1) {
      const { back, names } = stepOf(net, step);
      for (const name of names) assert.equal(stepFor(net, name, back), step);
      assert.equal(lines(graph(net, 0), step, 0).length > 0, cells(net, step).length > 0);
    }
  }
});

test("a number is written with a true minus and no needless zeros", () => {
  assert.deepEqual([0.25, -0.5, 1 / 3, -1e-9, 3].map(number), ["0.25", "−0.5", "0.3333", "0", "3"]);
});

test("a gradient's meaning names its sign", () => {
  const g = graph("affine", 0), bySign = {};
  for (const { name, at, gradient } of everyNumber(g)) bySign[sign(gradient)] = meaning(g, name, at);
  assert.match(bySign.positive, /raise .* a little and the loss rises\.$/);
  assert.match(bySign.negative, /the loss falls\.$/);
});
