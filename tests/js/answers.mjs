// Reads [{ geometry, seed, position }, ...] from standard input and writes what conv_arithmetic.mjs says of each.
import { readFileSync } from "node:fs";
import * as conv from "../../course/explorers/conv_arithmetic.mjs";

const values = (g) => Object.keys(conv.LIMITS).map((name) => g[name]);

const answers = JSON.parse(readFileSync(0, "utf8")).map(([settings, seed, position]) => {
  const g = Object.fromEntries(Object.keys(conv.LIMITS).map((name, i) => [name, settings[i]]));
  return {
    axes: conv.axes(g).map((a) => [a.padded, a.span, a.out, a.leftOver, a.sticksOut]),
    formula: conv.formula(g),
    sentence: conv.sentence(g),
    neighbours: conv.neighbours(g).map((other) => [values(other), conv.change(g, other)]),
    counts: conv.counts(g),
    cell: conv.cellSentence(g, seed, position),
  };
});
process.stdout.write(JSON.stringify({ limits: conv.LIMITS, answers }));
