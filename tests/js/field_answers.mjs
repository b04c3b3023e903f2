// Reads [[size, layers, level, cell], ...] from standard input and writes what field_arithmetic.mjs says of each.
import { readFileSync } from "node:fs";
import * as field from "../../course/explorers/field_arithmetic.mjs";

const answers = JSON.parse(readFileSync(0, "utf8")).map(([size, layers, level, cell]) => ({
  levels: field.levels(size, layers).map((l) => [l.cells, l.jump, l.sees, l.start]),
  misfit: field.misfit(size, layers),
  down: field.down(size, layers, level, cell).map((paths) => [...paths].sort((a, b) => a[0] - b[0])),
  up: field.up(size, layers, level, cell),
  sentence: field.sentence(size, layers, level, cell),
}));
process.stdout.write(JSON.stringify({ limits: field.LIMITS, size: field.SIZE, answers }));
