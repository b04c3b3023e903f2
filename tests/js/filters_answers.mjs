// Reads settings, pixels and weights of some filter labs and writes what filters_arithmetic.mjs makes of each.
import { readFileSync } from "node:fs";
import * as lab from "../../course/explorers/filters_arithmetic.mjs";

const { height, width, pixels, draws, trained, labs } = JSON.parse(readFileSync(0, "utf8"));
const planes = lab.planesOf(Uint8Array.from(pixels), height * width);
const answers = labs.map((settings) => {
  const size = lab.sizeOf(settings), pad = lab.padOf(settings, size);
  const [[rows, columns], last] = lab.sizes(settings, height, width);
  const bank = { ...settings, draws: Float32Array.from(draws), trained: Float32Array.from(trained) };
  const maps = settings.kinds.map((kind, i) => {
    const weights = lab.filterOf(kind, size, i, bank), of = weights.length > 1 ? planes : [planes[3]];
    const map = lab.through(of, height, width, weights, size, pad), lit = settings.relu ? lab.relu(map) : map;
    return Array.from(lab.pooled(lit, rows, columns, settings.pool, settings.pooling));
  });
  return { maps, last, steps: lab.steps(settings) };
});
process.stdout.write(JSON.stringify({ kinds: lab.KINDS, answers }));
