// Reads [[net, seed], ...] from standard input and writes what backprop_arithmetic.mjs says of each.
import { readFileSync } from "node:fs";
import * as backprop from "../../course/explorers/backprop_arithmetic.mjs";

const answers = JSON.parse(readFileSync(0, "utf8")).map(([net, seed]) => {
  const g = backprop.graph(net, seed), steps = Array.from({ length: backprop.steps(net) }, (_, step) => step);
  return {
    values: g.values,
    gradients: g.gradients,
    sentences: steps.map((step) => backprop.sentence(net, step)),
    lines: steps.map((step) => backprop.cells(net, step).map((_, place) => backprop.lines(g, step, place))),
  };
});
process.stdout.write(JSON.stringify(answers));
