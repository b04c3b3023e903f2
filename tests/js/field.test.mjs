import assert from "node:assert/strict";
import { test } from "node:test";
import * as field from "../../course/explorers/field_arithmetic.mjs";

let state = 11;
const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
const between = ([least, most]) => least + Math.floor(random() * (most - least + 1));
const stacks = Array.from({ length: 300 }, () => ({
  size: between(field.SIZE),
  layers: Array.from({ length: between([1, 5]) }, () => Object.values(field.LIMITS).map(between)),
}));

test("a cell is read by exactly the cells whose cone reaches it", () => {
  for (const { size, layers } of stacks.slice(0, 60)) {
    const found = field.levels(size, layers), top = found.length - 1;
    for (let cell = 0; cell < size; cell += 1) {
      const readers = field.up(size, layers, 0, cell).at(-1);
      for (let i = 0; i < found[top].cells; i += 1) {
        assert.equal(readers.includes(i), field.down(size, layers, top, i)[0].has(cell));
      }
    }
  }
});

test("a cone lies in the theoretical field", () => {
  for (const { size, layers } of stacks) {
    const found = field.levels(size, layers), level = found.length - 1;
    for (let cell = 0; cell < found[level].cells; cell += 1) {
      const { first, last } = field.field(found[level], cell);
      for (const i of field.down(size, layers, level, cell)[0].keys()) assert.ok(i >= first && i <= last);
    }
  }
});

test("a stack that ends early says why, and its advice holds", () => {
  for (const { size, layers } of stacks) {
    const why = field.misfit(size, layers), i = field.levels(size, layers).length - 1;
    assert.equal(why === "", i === layers.length);
    if (!why) continue;
    const pad = Number(why.match(/with pad (\d+)/)[1]), better = layers.map((layer) => [...layer]);
    better[i][2] = pad;
    assert.ok(field.levels(size, better).length > i + 1, why);
  }
});

test("the cell that looks nearest to a place is found", () => {
  const found = field.levels(24, [[3, 2, 1, 1], [3, 2, 1, 1]]).at(-1);
  for (let i = 0; i < found.cells; i += 1) assert.equal(field.nearest(found, field.field(found, i).centre), i);
  assert.equal(field.nearest(found, -99), 0);
});

test("a guess of the field is judged, with its sum", () => {
  const layers = [[3, 1, 1, 1], [3, 2, 1, 1], [3, 1, 1, 2]];
  assert.deepEqual(field.judgeSees(48, layers, "13"), [true, "It sees 1 + 2·1 + 2·1 + 4·2 = 13."]);
  for (const guess of ["7", "", "many"]) assert.equal(field.judgeSees(48, layers, guess)[0], false);
});

test("a puzzle fits", () => {
  for (let i = 0; i < 200; i += 1) {
    const { size, layers } = field.puzzle(random);
    assert.equal(field.misfit(size, layers), "");
  }
});
