// Six ways downhill on a surface: positions, losses, and why one of them is thrown out.
// It repeats race_arithmetic.py number for number and word for word; tests compare them on all surfaces.

import { digits } from "./digits.mjs";

export const STEPS = 200;
const FAR = 1000;
export const RATES = [0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2];
export const MOMENTA = [0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99];
export const DECAYS = [0.9, 0.95, 0.98, 0.99, 0.995, 1];
const LEVEL = 1e-3;
const AT_FIRST = [0, 0, 1, 1];
const SHIFT = 1e-4;

const surface = (x, y, start, lowest, learning_rate, roughness, said) =>
  ({ x, y, start, lowest, learning_rate, roughness, said });
export const SURFACES = {
  bowl: surface([-4, 4], [-4, 4], [-3, 2.2], [[0, 0]], 0.1, 2, "equally steep on all sides"),
  ravine: surface([-9, 4], [-4, 4], [-8, 2], [[0, 0]], 0.1, 1, "steep across, nearly flat along"),
  saddle: surface([-3, 3], [-2.5, 2.5], [-2.5, 0.01], [[0, 1], [0, -1]], 0.1, 0.5, "flat in the middle, lowest on two sides"),
  Beale: surface([-1, 4.5], [-2, 3], [0, 2], [[3, 0.5]], 0.01, 5, "steep walls, long flat valleys"),
  Rosenbrock: surface([-2, 2], [-1, 3], [-1.2, 1], [[1, 1]], 0.001, 30, "a valley that bends"),
  plateau: surface([-4, 4], [-4, 4], [-3, 2.2], [[0, 0]], 0.1, 0.1, "no slope to speak of, and a hole"),
};

export const RULES = {
  "gradient descent": {},
  "SGD with noise": { noisy: true },
  "momentum": { velocity: true },
  "nesterov": { velocity: true, looksAhead: true },
  "rmsprop": { averages: [0, 0.99] },
  "adam": { averages: [0.9, 0.999], corrected: true },
};
export const NAMES = Object.keys(RULES);

const beale = (x, y) => [1.5 - x * (1 - y), 2.25 - x * (1 - y * y), 2.625 - x * (1 - y * y * y)];

export const LOSSES = {
  bowl: (x, y) => (x * x + y * y) / 2,
  ravine: (x, y) => 0.05 * (x * x) + y * y,
  saddle(x, y) {
    const q = y * y - 1;
    return x * x / 2 + q * q / 4;
  },
  Beale(x, y) {
    const [a, b, c] = beale(x, y);
    return a * a + b * b + c * c;
  },
  Rosenbrock(x, y) {
    const a = 1 - x, b = y - x * x;
    return a * a + 100 * (b * b);
  },
  plateau(x, y) {
    const q = (x * x + y * y) / 4, p = q * q * (q * q);
    return 1 - 1 / (1 + p);
  },
};

export const GRADIENTS = {
  bowl: (x, y) => [x, y],
  ravine: (x, y) => [0.1 * x, 2 * y],
  saddle: (x, y) => [x, y * (y * y - 1)],
  Beale(x, y) {
    const [a, b, c] = beale(x, y);
    const dx = 2 * (a * (y - 1) + b * (y * y - 1) + c * (y * y * y - 1));
    return [dx, 2 * (x * (a + 2 * b * y + 3 * c * (y * y)))];
  },
  Rosenbrock(x, y) {
    const b = y - x * x;
    return [-2 * (1 - x) - 400 * (x * b), 200 * b];
  },
  plateau(x, y) {
    const q = (x * x + y * y) / 4, below = 1 + q * q * (q * q), slope = 2 * (q * q * q) / below / below;
    return [slope * x, slope * y];
  },
};

function noise(seed, count) {
  let mixed = (Math.imul(count, 0x9E3779B1) + Math.imul(seed, 0x85EBCA6B) + 1) >>> 0;
  for (const [shift, factor] of [[16, 0x21F0AAAD], [15, 0x735A2D97]]) {
    mixed = Math.imul(mixed ^ (mixed >>> shift), factor) >>> 0;
  }
  return (((mixed ^ (mixed >>> 15)) >>> 0) / 0x80000000 - 1) * 1.7320508075688772;
}

/** The step along one axis and the new memory of a rule, of a slope and the memory before. */
export function move(rule, slope, [a, b, p, q], rate, friction) {
  if (!rule.averages) {
    const faster = (rule.velocity ? friction * a : 0) - rate * slope;
    return [faster + (rule.looksAhead ? friction * (faster - a) : 0), [faster, b, p, q]];
  }
  const [keep, keepSquares] = rule.averages;
  a = keep * a + (1 - keep) * slope, b = keepSquares * b + (1 - keepSquares) * (slope * slope);
  p *= keep, q *= keepSquares;
  if (rule.corrected) return [-rate * (a / (1 - p)) / (Math.sqrt(b / (1 - q)) + 1e-8), [a, b, p, q]];
  return [-rate * a / Math.sqrt(b + 1e-8), [a, b, p, q]];
}

function walk(name, s) {
  const rule = RULES[name], places = [s.start], slopesAt = GRADIENTS[s.surface];
  const rough = rule.noisy ? SURFACES[s.surface].roughness * s.noise : 0;
  let memories = [AT_FIRST, AT_FIRST], rate = s.learning_rate;
  for (let step = 0; step < STEPS; step += 1) {
    let slopes = slopesAt(...places.at(-1));
    if (rule.noisy) slopes = slopes.map((slope, i) => slope + rough * noise(s.seed, 2 * step + i));
    const moves = slopes.map((slope, i) => move(rule, slope, memories[i], rate, s.momentum));
    memories = moves.map(([, memory]) => memory);
    const there = places.at(-1).map((at, i) => at + moves[i][0]);
    if (!there.every((number) => Math.abs(number) <= FAR)) break;
    places.push(there);
    rate *= s.decay;
  }
  return places;
}

/** { name: places [[x, y], ...] } of all runners: STEPS + 1 places, or fewer of one that diverges. */
export const race = (s) => Object.fromEntries(NAMES.map((name) => [name, walk(name, s)]));

export const height = (s, places, step) => (step < places.length ? LOSSES[s.surface](...places[step]) : Infinity);

export function lowest(s, runners, step) {
  const heights = NAMES.map((name) => height(s, runners[name], step));
  const enough = Math.min(...heights) * (1 + LEVEL) + 1e-12;
  return NAMES.filter((_, i) => heights[i] <= enough && heights[i] < Infinity);
}

function curvature(surface, x, y) {
  const [[a, b], [, c]] = [[SHIFT, 0], [0, SHIFT]].map(([i, j]) => {
    const up = GRADIENTS[surface](x + i, y + j), down = GRADIENTS[surface](x - i, y - j);
    return up.map((slope, k) => (slope - down[k]) / (2 * SHIFT));
  });
  return (a + c) / 2 + Math.sqrt((a - c) * (a - c) / 4 + b * b);
}

function limit(name, s, curved) {
  const { velocity, looksAhead } = RULES[name];
  if (!velocity) return 2 / curved;
  return 2 * (1 + s.momentum) / (curved * (looksAhead ? 1 + 2 * s.momentum : 1));
}

/** Who has diverged up to a step, and why; an empty text when nobody has. */
export function explain(s, runners, step) {
  const lost = NAMES.filter((name) => step >= runners[name].length), [name] = lost;
  if (!name) return "";
  let rate = s.learning_rate, why = "its speed carried it up a slope that grows steeper faster than the speed wears off";
  for (const [at, place] of runners[name].entries()) {
    const curved = curvature(s.surface, ...place);
    if (curved > 0 && rate > limit(name, s, curved)) {
      why = `${at ? `after ${at} steps` : "at the start"} the surface curves by ${digits(curved)}. There ${name} `
        + `needs a learning rate below ${digits(limit(name, s, curved))}; with ${digits(rate)} each step overshoots `
        + "the floor by more than it was away, so the next one is larger still";
      break;
    }
    rate *= s.decay;
  }
  return `Diverged: ${lost.join(", ")}. The ${name} runner was lost at step ${runners[name].length}: ${why}.`;
}

/** Who is lowest after so many steps. */
export function standing(s, runners, step) {
  const first = lowest(s, runners, step);
  if (!first.length) return `After ${step} steps all have diverged.`;
  const least = digits(height(s, runners[first[0]], step));
  if (first.length === NAMES.length) return `After ${step} steps all are level at ${least}.`;
  return `After ${step} steps lowest: ${first.join(", ")}, loss ${least}.`;
}
