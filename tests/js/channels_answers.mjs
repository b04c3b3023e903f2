// Reads [{ settings and numbers of a layer, position }, ...] and writes what channels_arithmetic.mjs says of each.
import { readFileSync } from "node:fs";
import * as channels from "../../course/explorers/channels_arithmetic.mjs";

const answers = JSON.parse(readFileSync(0, "utf8")).map((g) => ({
  ...channels.layer(g),
  windows: channels.windows(g),
  filters: channels.filterRows(g),
  place: channels.placeAt(g, g.position),
  sentences: [channels.sentence(g), channels.cellSentence(g, g.position)],
}));
process.stdout.write(JSON.stringify({ limits: channels.LIMITS, answers }));
