// Reads [[settings, seed, chosen, position, change], ...] and writes what sharing_arithmetic.mjs says of each.
import { readFileSync } from "node:fs";
import * as sharing from "../../course/explorers/sharing_arithmetic.mjs";

const asked = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(asked.map(([settings, seed, chosen, position, change]) => {
  const s = Object.fromEntries(sharing.NAMES.map((name, i) => [name, settings[i]]));
  const { table, before, after } = sharing.result(s, seed, chosen, position, change);
  return { table, before, after, counts: sharing.counts(s), words: sharing.words(s, chosen, position, change) };
})));
