// Reads Settings from standard input and writes what gradcheck_arithmetic.mjs says of them.
import { readFileSync } from "node:fs";
import * as check from "../../course/explorers/gradcheck_arithmetic.mjs";

const answers = JSON.parse(readFileSync(0, "utf8")).map((s) => {
  const { up, down, slope, error } = check.measure(s, s.h);
  return {
    measured: [up, down, slope, error],
    errors: check.errors(s),
    lines: [check.truncation(s, s.h), check.rounding(s, s.h)],
    best: check.best(s),
    said: [check.verdict(s), check.summary(s)],
  };
});
const { STEPS, FINE, PLACES, ASKED, FUNCTIONS } = check;
const formulas = Object.fromEntries(Object.entries(FUNCTIONS).map(([name, { formula }]) => [name, formula]));
process.stdout.write(JSON.stringify({ tables: { STEPS, FINE, PLACES, ASKED, formulas }, answers }));
