// Reads { picture, weights, table } from standard input and writes what lenet_arithmetic.mjs makes of them.
import { readFileSync } from "node:fs";
import * as lenet from "../../course/explorers/lenet_arithmetic.mjs";

const { picture, weights, table } = JSON.parse(readFileSync(0, "utf8"));
const done = lenet.rounds(Float32Array.from(picture), Float32Array.from(weights));
process.stdout.write(JSON.stringify({
  rounds: done.map(({ side, maps }) => ({ side, maps: maps.map((map) => Array.from(map)) })),
  numbers: table.map(([, shape]) => lenet.numbersIn(shape)),
  sentences: table.map(lenet.sentence),
}));
