// Reads [[kind, z, layers, weight], ...] from standard input and writes what activations_arithmetic.mjs says of each.
import { readFileSync } from "node:fs";
import * as activations from "../../course/explorers/activations_arithmetic.mjs";

const answers = JSON.parse(readFileSync(0, "utf8")).map(([kind, z, layers, weight]) => ({
  formula: activations.KINDS[kind].formula,
  stack: activations.stack(kind, { z, layers, weight }).map((l) => [l.z, l.a, l.slope, l.gradient]),
  sentences: [activations.sentence(kind, z), activations.stackSentence(kind, { z, layers, weight })],
}));
process.stdout.write(JSON.stringify({ limits: activations.LIMITS, answers }));
