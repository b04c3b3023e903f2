import assert from "node:assert/strict";
import { test } from "node:test";
import * as conv from "../../course/explorers/conv_arithmetic.mjs";

const NAMES = Object.keys(conv.LIMITS);

function* everySquare() {
  const range = (name) => Array.from({ length: conv.LIMITS[name][1] - conv.LIMITS[name][0] + 1 },
                                     (_, i) => conv.LIMITS[name][0] + i);
  for (const n of range("height")) for (const kernel of range("kernel")) for (const stride of range("stride")) {
    for (const pad of range("pad")) for (const dilation of range("dilation")) {
      yield { height: n, width: n, kernel, stride, pad, dilation };
    }
  }
}

const RECTANGLES = [
  { height: 7, width: 7, kernel: 3, stride: 2, pad: 1, dilation: 1 },
  { height: 6, width: 9, kernel: 3, stride: 2, pad: 1, dilation: 2 },
  { height: 4, width: 16, kernel: 4, stride: 3, pad: 0, dilation: 1 },
  { height: 12, width: 5, kernel: 2, stride: 5, pad: 4, dilation: 3 },
  { height: 11, width: 13, kernel: 11, stride: 1, pad: 5, dilation: 1 },
];

/** First cells of the places where the kernel can stand, found by trying. */
function places(size, g) {
  const found = [];
  for (let first = 0; first + g.dilation * (g.kernel - 1) < size + 2 * g.pad; first += g.stride) found.push(first);
  return found;
}

test("size and left-over cells are those found by sliding the kernel, in every geometry", () => {
  let seen = 0;
  for (const g of everySquare()) {
    seen += 1;
    const [axis] = conv.axes(g), found = places(g.height, g);
    assert.equal(axis.out, found.length);
    assert.equal(axis.sticksOut > 0, found.length === 0);
    if (found.length) assert.equal(axis.leftOver, g.height + 2 * g.pad - found.at(-1) - conv.extent(g));
  }
  assert.equal(seen, 19008);
});

test("what does not fit has neighbours that fit, within the limits, and what fits has none", () => {
  for (const g of [...everySquare(), ...RECTANGLES]) {
    const others = conv.neighbours(g);
    assert.equal(others.length === 0, conv.fits(g));
    for (const other of others) {
      assert.ok(conv.fits(other));
      assert.ok(conv.change(g, other));
      for (const name of NAMES) {
        assert.ok(other[name] >= conv.LIMITS[name][0] && other[name] <= conv.LIMITS[name][1]);
      }
    }
  }
});

test("the sum that is spelled out comes to the output cell", () => {
  const value = (text) => Function(`return ${text.replaceAll("−", "-").replaceAll("·", "*")} + 0`)();
  for (const g of RECTANGLES) {
    const { out } = conv.convolve(g, 3), columns = out[0].length;
    for (let position = 0; position < conv.outputs(g); position += 1) {
      const lines = conv.sumLines(g, 3, position), expected = out[Math.floor(position / columns)][position % columns];
      const last = lines.pop().split("=").slice(1);
      for (const part of last) assert.equal(value(part), expected);
      const products = lines.map((line) => line.split(":")[1].split("="));
      for (const [sum, result] of products) assert.equal(value(sum), value(result));
      assert.equal(products.reduce((sum, [terms]) => sum + value(terms), 0), expected);
    }
  }
});

test("an input cell is read by exactly the windows that cover it", () => {
  for (const g of RECTANGLES) {
    const readers = new Map();
    const taps = Array.from({ length: g.kernel }, (_, i) => g.dilation * i);
    places(g.height, g).forEach((top, r) => places(g.width, g).forEach((left, c) => {
      for (const i of taps) for (const j of taps) {
        const key = `${top + i},${left + j}`;
        readers.set(key, [...(readers.get(key) ?? []), [r, c]]);
      }
    }));
    for (let row = 0; row < g.height + 2 * g.pad; row += 1) {
      for (let column = 0; column < g.width + 2 * g.pad; column += 1) {
        assert.deepEqual(conv.usedBy(g, row, column), readers.get(`${row},${column}`) ?? []);
      }
    }
  }
});

test("pad same keeps the size at stride 1, pad full reaches every overlap", () => {
  for (const g of everySquare()) {
    const { valid, same, full } = conv.namedPads(g), [axis] = conv.axes({ ...g, stride: 1, pad: same ?? 0 });
    assert.equal(valid, 0);
    if (same !== null) assert.equal(axis.out, g.height);
    if (full !== null) assert.equal(conv.axes({ ...g, stride: 1, pad: full })[0].out, g.height + conv.extent(g) - 1);
    if (conv.extent(g) <= 6) assert.notEqual(full, null);
  }
});

test("a guess of the output's size is judged as a size, however it is written", () => {
  const wide = { height: 6, width: 9, kernel: 3, stride: 1, pad: 0, dilation: 1 };
  const square = { ...wide, width: 6 };
  for (const [g, guess, right] of [
    [wide, "4 × 7", true], [wide, "4x7", true], [wide, "(4, 7)", true], [wide, "7 x 4", false], [wide, "4", false],
    [square, "4", true], [square, "4 4", true], [square, "4 4 4", false], [square, "", false], [square, "5", false],
  ]) assert.equal(conv.judgeSize(g, guess)[0], right, guess);
  assert.equal(conv.judgeSize(wide, "5")[1], "The output is 4 × 7.");
});

test("a puzzle lies within the limits and has an output", () => {
  for (const at of [0, 0.5, 0.999999]) {
    for (const other of [0, 0.999999]) {
      let n = 0;
      const g = conv.puzzle(() => (n++ % 2 ? at : other));
      for (const name of NAMES) assert.ok(g[name] >= conv.LIMITS[name][0] && g[name] <= conv.LIMITS[name][1]);
      assert.ok(conv.outputs(g) > 0);
    }
  }
});
