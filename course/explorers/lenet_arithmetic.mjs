// LeNet's first two rounds: convolution, ReLU, pooling, twice.

import { pooled, relu, through } from "./filters_arithmetic.mjs";
import { range } from "./kit.mjs";

export const SIDE = 32;
const FILTER = 5, POOL = 2, COUNTS = [3, 6, 16]; // channels in, and maps after each round

/**
 * The maps after each step, { side, maps: [Float32Array of side x side, ...] }: the picture, then filters, ReLU
 * and pooling of the first round and of the second.
 * picture: (3, 32, 32).  weights: both layers, each (F, C, 5, 5) and then its biases (F,), all in a row.
 */
export function rounds(picture, weights) {
  const area = SIDE * SIDE, done = [{ side: SIDE, maps: range(0, 2).map((c) => picture.slice(c * area, (c + 1) * area)) }];
  let at = 0;
  for (const round of [1, 2]) {
    const { side, maps } = done.at(-1), [C, F] = [COUNTS[round - 1], COUNTS[round]], one = FILTER * FILTER;
    const biases = weights.subarray(at + F * C * one), smaller = side - FILTER + 1;
    const found = range(0, F - 1).map((f) => {
      const tables = range(0, C - 1).map((c) => weights.subarray(at + (f * C + c) * one).subarray(0, one));
      return through(maps, side, side, tables, FILTER, 0).map((value) => value + biases[f]);
    });
    at += F * C * one + F;
    const lit = found.map(relu), half = Math.floor(smaller / POOL);
    done.push({ side: smaller, maps: found }, { side: smaller, maps: lit });
    done.push({ side: half, maps: lit.map((map) => pooled(map, smaller, smaller, POOL, "max")) });
  }
  return done;
}

/** How many numbers a shape has: "6 × 28 × 28". */
export const numbersIn = (shape) => shape.match(/\d+/g).map(Number).reduce((product, n) => product * n, 1);

/** What happens at a row [name, shape, parameters, multiply-adds] of the table. */
export function sentence([name, shape, parameters, work]) {
  const costs = parameters ? ` It has ${parameters.toLocaleString("en")} parameters and does ` +
    `${work.toLocaleString("en")} multiply-adds.` : " It has no parameters.";
  return `${name}: ${shape}, that is ${numbersIn(shape).toLocaleString("en")} numbers.${costs}`;
}
