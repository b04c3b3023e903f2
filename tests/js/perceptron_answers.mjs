// Reads [Settings, place] from standard input and writes what perceptron_arithmetic.mjs makes of them.
import { readFileSync } from "node:fs";
import * as perceptron from "../../course/explorers/perceptron_arithmetic.mjs";

const answers = JSON.parse(readFileSync(0, "utf8")).map(([s, place]) => {
  if (perceptron.HIDDEN[s.network]) {
    const stages = perceptron.nets(s, place), net = stages[place];
    return { places: perceptron.placesOf(s), net, before: stages[Math.max(0, place - 1)],
             said: s.points.map((point) => perceptron.outputs(net, point)[0]) };
  }
  const lines = perceptron.lines(s);
  return { places: lines.length, lines,
           said: [perceptron.sentence(s, place, lines), perceptron.impossible(s, lines[place])] };
});
const { CORNERS, TARGETS, HIDDEN, RATES, UPDATES } = perceptron;
process.stdout.write(JSON.stringify({ tables: { CORNERS, TARGETS, HIDDEN, RATES, UPDATES }, answers }));
