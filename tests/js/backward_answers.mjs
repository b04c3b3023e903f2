// Reads { geometries: [...], cases: [[settings, seed, view, position], ...] } and writes what JavaScript says.
import { readFileSync } from "node:fs";
import { LIMITS, outputs } from "../../course/explorers/conv_arithmetic.mjs";
import * as back from "../../course/explorers/conv_backward_arithmetic.mjs";

const named = (settings) => Object.fromEntries(Object.keys(LIMITS).map((name, i) => [name, settings[i]]));
const size = (rows) => [rows.length, rows[0]?.length ?? 0];
const asked = JSON.parse(readFileSync(0, "utf8"));

const sizes = asked.geometries.map((settings) => {
  const g = named(settings), { dout, spread, turned, dx } = back.backward(g, 0);
  return [[dout, spread, turned, dx].map(size), back.recipe(g, "dx")];
});
const cases = asked.cases.map(([settings, seed, view, position]) => {
  const g = named(settings), numbers = back.backward(g, seed);
  return {
    dout: numbers.dout, spread: numbers.spread, dx: numbers.dx, ...back.accumulated(g, numbers, outputs(g)),
    words: back.cellWords(g, seed, view, position), recipe: back.recipe(g, view),
    fed: back.feeders(g, ...back.inputCell(g, position)),
  };
});
process.stdout.write(JSON.stringify({ sizes, cases }));
