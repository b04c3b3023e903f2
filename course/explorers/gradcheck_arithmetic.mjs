// A slope measured by central differences, in float64 and float32: how wrong it is, and why.
// It repeats gradcheck_arithmetic.py bit for bit and word for word; a test compares them.

import { digits } from "./digits.mjs";
import { range } from "./kit.mjs";

const POWERS = range(1, 12);
export const STEPS = POWERS.map((power) => Number(`1e-${power}`));
export const FINE = POWERS.flatMap((power) => ["1", "0.56", "0.32", "0.18"].map((m) => Number(`${m}e-${power}`)));
export const PLACES = [-1, -0.01, -0.0001, 0, 0.0001, 0.01, 0.1, 0.5, 0.7, 1, 2, 10];
export const ASKED = [1e-1, 1e-3, 1e-5, 1e-7, 1e-9, 1e-11];
const EPS = { float64: 2 ** -52, float32: 2 ** -23 };
export const CUTS = { float64: (x) => x, float32: Math.fround };
const TERMS = 500;
const SMALLEST = 1e-8;
const KINKED = "relu";
const DIGITS = { float64: 16, float32: 7 };

const harmonic = range(1, TERMS).reduce((sum, k) => sum + 1 / k, 0);
const cube = (x, cut) => cut(cut(x * x) * x);

export const FUNCTIONS = {
  "cube": { formula: "x³", f: cube, slope: (x) => 3 * x * x, third: () => 6 },
  "quotient": {
    formula: "x / (1 + x²)",
    f: (x, cut) => cut(x / cut(1 + cut(x * x))),
    slope: (x) => (1 - x * x) / ((1 + x * x) * (1 + x * x)),
    third(x) {
      const q = 1 + x * x;
      return 6 * (6 * (x * x) - x * x * (x * x) - 1) / (q * q) / (q * q);
    },
  },
  "large": { formula: "1000 + x³", f: (x, cut) => cut(1000 + cube(x, cut)), slope: (x) => 3 * x * x, third: () => 6 },
  "long sum": {
    formula: "x²/1 + x²/2 + … + x²/500",
    f(x, cut) {
      const power = cut(x * x);
      let total = 0;
      for (let k = 1; k <= TERMS; k += 1) total = cut(total + cut(power / k));
      return total;
    },
    slope: (x) => 2 * x * harmonic,
    third: () => 0,
  },
  [KINKED]: {
    formula: "max(0, x) + x³", f: (x, cut) => cut(Math.max(0, x) + cube(x, cut)),
    slope: (x) => (x > 0 ? 1 : 0) + 3 * x * x, third: () => 6,
  },
};

/** { up, down, slope, error }: f at x + h and x - h, the slope made of them, and its relative error. */
export function measure(s, step) {
  const { f, slope: derived } = FUNCTIONS[s.function], cut = CUTS[s.precision], x = cut(s.x), h = cut(step);
  const up = f(cut(x + h), cut), down = f(cut(x - h), cut), slope = cut(cut(up - down) / cut(2 * h)), exact = derived(s.x);
  return { up, down, slope, error: Math.abs(slope - exact) / Math.max(SMALLEST, Math.abs(slope) + Math.abs(exact)) };
}

export const errors = (s) => FINE.map((h) => measure(s, h).error);

export function typical(s, h) {
  const at = FINE.indexOf(h);
  return Math.max(...FINE.slice(Math.max(0, at - 2), at + 3).map((near) => measure(s, near).error));
}

const size = (s) => Math.max(SMALLEST, 2 * Math.abs(FUNCTIONS[s.function].slope(s.x)));
export const truncation = (s, h) => h * h / 6 * Math.abs(FUNCTIONS[s.function].third(s.x)) / size(s);
export function rounding(s, h) {
  const { f, slope } = FUNCTIONS[s.function];
  return EPS[s.precision] * (Math.abs(f(s.x, CUTS.float64)) + Math.abs(s.x * slope(s.x))) / (2 * h) / size(s);
}

export const kinkInside = (s, h) => s.function === KINKED && Math.abs(s.x) <= h;

export const best = (s) => ASKED.reduce((least, h) => (typical(s, h) < typical(s, least) ? h : least));

/** Which error leads with the present step, and what a smaller one would do. */
export function verdict(s) {
  const there = measure(s, s.h);
  if (kinkInside(s, s.h)) {
    return `The kink at 0 lies inside the step: to the right the slope is ${digits(1 + 3 * s.x * s.x)}, to the `
      + `left ${digits(3 * s.x * s.x)}, and the measured one is a mixture of both. Neither right nor wrong: `
      + (s.x === 0 ? "at the kink there is no single slope." : "take a smaller step.");
  }
  if (there.error === 0) return "No error to be seen: here the errors cancel, or there is nothing to round.";
  if (there.up === there.down) {
    return `Both values are rounded to the same ${s.precision} number, so the measured slope is 0: the step is `
      + "too small to be seen.";
  }
  if (truncation(s, s.h) >= rounding(s, s.h)) {
    return "Truncation leads: the function bends within the step. The error goes with h²: a step ten times "
      + "smaller makes it a hundred times smaller.";
  }
  return `Rounding leads: the two values agree in their first ${agreeing(there, s.precision)} digits, which `
    + `cancel, and ${s.precision} has ${DIGITS[s.precision]}. The error goes with 1/h: a step ten times smaller `
    + "makes it about ten times larger.";
}

function agreeing({ up, down }, precision) {
  const apart = Math.abs(up - down) / Math.max(Math.abs(up), Math.abs(down));
  return Math.max(0, Math.min(DIGITS[precision], Math.floor(-Math.log10(apart))));
}

/** What was measured, and what is right. */
export function summary(s) {
  const there = measure(s, s.h), exact = FUNCTIONS[s.function].slope(s.x);
  return `h = ${digits(s.h)}, ${s.precision}: measured ${signed(there.slope)}, right ${signed(exact)}, relative error `
    + `${digits(there.error)}.`;
}

export const signed = (number) => `${number < 0 ? "−" : ""}${digits(Math.abs(number))}`;
