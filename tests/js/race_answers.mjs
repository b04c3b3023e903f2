// Reads Settings and steps from standard input and writes what race_arithmetic.mjs says of them.
import { readFileSync } from "node:fs";
import * as race from "../../course/explorers/race_arithmetic.mjs";

const answers = JSON.parse(readFileSync(0, "utf8")).map(([s, step]) => {
  const runners = race.race(s);
  return {
    runners,
    heights: race.NAMES.map((name) => race.LOSSES[s.surface](...runners[name].at(-1))),
    said: [race.explain(s, runners, step), race.standing(s, runners, step)],
  };
});
const { SURFACES, RATES, MOMENTA, DECAYS, NAMES, STEPS } = race;
process.stdout.write(JSON.stringify({ tables: { SURFACES, RATES, MOMENTA, DECAYS, NAMES, STEPS }, answers }));
