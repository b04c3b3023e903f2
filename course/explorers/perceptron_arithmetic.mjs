// A perceptron that learns four points sample by sample, and a net with a hidden layer that learns them at once.
// It repeats perceptron_arithmetic.py; a test compares them, and both with the functions of the lesson.

import { range } from "./kit.mjs";

export const CORNERS = [[0, 0], [0, 1], [1, 0], [1, 1]];
export const TARGETS = { AND: [0, 0, 0, 1], OR: [0, 1, 1, 1], XOR: [0, 1, 1, 0] };
export const HIDDEN = { "one neuron": 0, "2-2-1": 2, "2-4-1": 4 };
export const RATES = [0.1, 0.3, 1, 3];
const SHOWN = 61;
const STAGES = 151;
export const UPDATES = 20;

export const placesOf = (s) => (HIDDEN[s.network] ? STAGES : SHOWN);

export const fires = (line, point) => line[0] * point[0] + line[1] * point[1] + line[2];

/** [w1, w2, b] of one neuron at each place. */
export function lines(s) {
  const walked = [s.line];
  for (let at = 0; at < SHOWN - 1; at += 1) {
    const line = walked.at(-1), point = s.points[at % 4];
    const missed = s.targets[at % 4] - (fires(line, point) > 0 ? 1 : 0);
    walked.push(line.map((old, i) => old + s.learning_rate * missed * [...point, 1][i]));
  }
  return walked;
}

function uniform(seed, count) {
  let mixed = (Math.imul(count, 0x9E3779B1) + Math.imul(seed, 0x85EBCA6B) + 1) >>> 0;
  for (const [shift, factor] of [[16, 0x21F0AAAD], [15, 0x735A2D97]]) {
    mixed = Math.imul(mixed ^ (mixed >>> shift), factor) >>> 0;
  }
  return ((mixed ^ (mixed >>> 15)) >>> 0) / 0x80000000 - 1;
}

/** [output, hidden units] of a net for one point; a net is { a, c, b, v, d }: weights of x1, x2, biases, outer. */
export function outputs(net, [x, y]) {
  const units = net.b.map((bias, h) => Math.tanh(x * net.a[h] + y * net.c[h] + bias));
  const sum = units.reduce((total, unit, h) => total + unit * net.v[h], net.d);
  return [1 / (1 + Math.exp(-sum)), units];
}

/** The nets at the places up to this one, UPDATES steps of gradient descent apart; `stages` are those known. */
export function nets(s, place, stages = []) {
  const n = HIDDEN[s.network], numbers = range(0, 3 * n - 1).map((count) => uniform(s.seed, count));
  if (!stages.length) {
    stages.push({ a: numbers.slice(0, n), c: numbers.slice(n, 2 * n), b: Array(n).fill(0), v: numbers.slice(2 * n), d: 0 });
  }
  while (stages.length <= place) stages.push(range(1, UPDATES).reduce((net) => learn(net, s), stages.at(-1)));
  return stages;
}

function learn(net, s) {
  const next = { a: [...net.a], c: [...net.c], b: [...net.b], v: [...net.v], d: net.d };
  s.points.forEach((point, i) => {
    const [said, units] = outputs(net, point), blame = (said - s.targets[i]) / 4 * s.learning_rate;
    next.d -= blame;
    units.forEach((unit, h) => {
      const inner = blame * net.v[h] * (1 - unit * unit);
      next.v[h] -= blame * unit;
      next.a[h] -= inner * point[0];
      next.c[h] -= inner * point[1];
      next.b[h] -= inner;
    });
  });
  return next;
}

export const right = (s, values) => values.filter((value, i) => (value > 0) === (s.targets[i] === 1)).length;

/** What one neuron has just learnt, and whether it is done. */
export function sentence(s, place, walked) {
  const count = right(s, s.points.map((point) => fires(walked[place], point)));
  if (place === 0) return `Before training: ${count} of 4 right.`;
  const at = (place - 1) % 4, before = fires(walked[place - 1], s.points[at]), says = before > 0 ? 1 : 0;
  const missed = s.targets[at] - says;
  return `Sample ${at + 1}: sum ${number(before)}, says ${says}, target ${s.targets[at]}: `
    + `${missed ? `error ${number(missed)}, the line moves` : "no change"}. ${count} of 4 right.`;
}

/** Why no line does XOR, with numbers; an empty text for other targets or points elsewhere. */
export function impossible(s, line) {
  const both = [TARGETS.XOR, TARGETS.XOR.map((target) => 1 - target)].map(String);
  if (!both.includes(`${s.targets}`) || `${s.points}` !== `${CORNERS}`) return "";
  const [a, b, c, d] = s.points.map((point) => fires(line, point));
  const [inner, outer] = s.targets[1] ? ["above", "at most"] : ["at most", "above"];
  return `Sums of (0, 1) and (1, 0): ${number(b)} + ${number(c)} = ${number(b + c)}. Of (0, 0) and (1, 1): `
    + `${number(a)} + ${number(d)} = ${number(a + d)}. Both are w1 + w2 + 2b, whatever the weights; the `
    + `targets need the first ${inner} 0 and the second ${outer} 0. No line can do both.`;
}

export const number = (value) => `${Math.floor(value * 100 + 0.5) / 100 + 0}`.replace("-", "−");
