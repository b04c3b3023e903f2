import assert from "node:assert/strict";
import { test } from "node:test";
import * as activations from "../../course/explorers/activations_arithmetic.mjs";

const close = (a, b) => assert.ok(Math.abs(a - b) < 1e-6, `${a} is not ${b}`);

test("every slope is what the value rises by, measured", () => {
  for (const { value, slope, most } of Object.values(activations.KINDS)) {
    for (let z = -5.95; z < 6; z += 0.1) {
      close(slope(z), (value(z + 1e-5) - value(z - 1e-5)) / 2e-5);
      assert.ok(slope(z) <= most);
    }
  }
});

test("the gradient through a stack is what its output rises by, measured", () => {
  const last = (kind, z) => activations.stack(kind, { z, layers: 4, weight: 2 }).at(-1).a;
  for (const kind of Object.keys(activations.KINDS)) {
    for (const z of [-3.3, -0.4, 0.7, 2.1]) {
      const [{ gradient }] = activations.stack(kind, { z, layers: 4, weight: 2 });
      close(gradient, (last(kind, z + 1e-6) - last(kind, z - 1e-6)) / 2e-6);
    }
  }
});

test("numbers are written to be read", () => {
  for (const [number, text] of [
    [0, "0"], [-0, "0"], [0.25, "0.25"], [-3, "−3"], [0.00012, "1.2·10⁻⁴"], [3.14159, "3.142"], [2.5e10, "2.5·10¹⁰"],
  ]) assert.equal(activations.written(number), text);
});

test("a guess is right when it names the size of the gradient", () => {
  for (const [gradient, size] of [
    [0, "0"], [1e-9, "under a millionth"], [0.001, "up to a thousandth"], [0.05, "up to a tenth"], [1, "up to 1"],
    [1.5, "more than 1"],
  ]) assert.equal(activations.sizeOf(gradient), size);
});

test("a puzzle lies within the limits", () => {
  for (const at of [0, 0.5, 0.999999]) {
    const { kind, ...settings } = activations.puzzle(() => at);
    assert.ok(kind in activations.KINDS);
    for (const [name, value] of Object.entries(settings)) {
      assert.ok(value >= activations.LIMITS[name][0] && value <= activations.LIMITS[name][1]);
    }
  }
});
