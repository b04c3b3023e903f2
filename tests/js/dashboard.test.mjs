import assert from "node:assert/strict";
import { test } from "node:test";
import { RATES, advice, limits } from "../../course/explorers/dashboard.mjs";

const now = { state: "running", error: "", learning_rate: 0.1 };
const falling = [1, 2, 3, 4, 5, 6].map((i) => [i, 2 / i]);

test("limits hold all values, from 0 or from a power of ten", () => {
  assert.deepEqual(limits([[[1, 2], [2, 4]]], false), [0, 4.2]);
  assert.deepEqual(limits([[[1, 0.002], [2, 0.3], [3, null]]], true), [0.001, 1]);
  assert.deepEqual(limits([[[1, null]]], false), [0, 1]);
});

test("learning rates rise from a millionth", () => {
  assert.equal(RATES[0], 1e-6);
  assert.ok(RATES.every((rate, i) => i === 0 || rate > RATES[i - 1]));
});

test("a training is judged by what went wrong first", () => {
  const say = (curves, more = {}) => advice({ ...now, ...more, curves });
  assert.match(say({}), /Nothing/);
  assert.match(say({ loss: [[1, 2], [2, null]] }), /no number/);
  assert.match(say({ loss: falling.map(([i, v]) => [i, 8 / v]) }), /grows/);
  assert.match(say({ loss: falling, dead: [[6, 0.75]] }), /75 % of the hidden units are dead/);
  assert.match(say({ loss: falling, "update/W1": [[6, 0.1]] }), /up to 10 % .* much/);
  assert.match(say({ loss: falling, "update/W1": [[6, 1e-6]] }), /hardly/);
  assert.match(say({ loss: falling, "update/W1": [[6, 1e-3]] }), /0\.1 % of their size/);
  assert.match(say({}, { state: "failed", error: "oh" }), /stopped: oh/);
});
