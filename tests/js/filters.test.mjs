import assert from "node:assert/strict";
import { test } from "node:test";
import * as lab from "../../course/explorers/filters_arithmetic.mjs";

const EVEN = { kinds: ["blur"], size: 4, pad: "same", relu: true, pool: 2, pooling: "max" };

test("filters that look for edges give nothing on an even picture, and blur gives the picture", () => {
  const planes = [new Float32Array(20 * 20).fill(7)];
  for (let size = 3; size <= lab.LARGEST; size += 1) {
    for (const [name, weights] of Object.entries(lab.BY_HAND)) {
      const map = lab.through(planes, 20, 20, [weights(size)], size, 0);
      const expected = name.includes("edges") ? 0 : 7;
      for (const value of map) assert.ok(Math.abs(value - expected) < 1e-3, `${name} ${size}: ${value}`);
    }
  }
});

test("edges of a picture with one bright place are exactly 0 elsewhere, in any size", () => {
  const planes = [Float32Array.from({ length: 30 * 30 }, (_, i) => (i === 15 * 30 + 15 ? 200 / 3 : 20 / 3))];
  for (const kind of ["vertical edges", "horizontal edges"]) for (let size = 3; size <= lab.LARGEST; size += 1) {
    const map = lab.through(planes, 30, 30, [lab.BY_HAND[kind](size)], size, 0);
    const others = Array.from(lab.BY_HAND[kind](size)).filter(Boolean).length;
    assert.equal(map.filter(Boolean).length, others, `${kind} ${size}`);
  }
});

test("sizes are told after each step", () => {
  assert.deepEqual(lab.steps(EVEN).map(([, size]) => size), ["3 × 128 × 160", "3 × 127 × 159", "3 × 127 × 159", "3 × 63 × 79"]);
});

test("a guess of the size is judged as rows and columns", () => {
  for (const [guess, right] of [["63 × 79", true], ["63x79", true], ["79 63", false], ["63", false], ["", false]]) {
    assert.equal(lab.judgeSize(EVEN, guess)[0], right, guess);
  }
});

test("pixels on the screen go from black to white, and an even map does not divide by nothing", () => {
  assert.deepEqual([...lab.shades([Float32Array.of(-2, 0, 2)])], [0, 0, 0, 255, 128, 128, 128, 255, 255, 255, 255, 255]);
  assert.deepEqual([...lab.shades([Float32Array.of(3, 3)])], [0, 0, 0, 255, 0, 0, 0, 255]);
  assert.deepEqual([...lab.shades([1, 2, 3].map((n) => Float32Array.of(n)), false)], [1, 2, 3, 255]);
});
