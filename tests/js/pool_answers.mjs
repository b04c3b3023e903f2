// Reads [[settings, seed, view, position], ...] and writes what pool_arithmetic.mjs says of each.
import { readFileSync } from "node:fs";
import * as pool from "../../course/explorers/pool_arithmetic.mjs";

process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(([settings, seed, view, position]) => {
  const p = Object.fromEntries(pool.NAMES.map((name, i) => [name, settings[i]])), has = pool.windows(p) > 0;
  return { ...pool.pooling(p, seed), sentence: pool.sentence(p), nearest: pool.nearest(p),
           words: pool.words(p, seed, view, position), receivers: has ? pool.receivers(p, seed, position) : [] };
})));
