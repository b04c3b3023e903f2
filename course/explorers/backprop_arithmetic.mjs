// The graph of a small net: values forward, gradients back, and where each number comes from.
// It repeats backprop_arithmetic.py; a test compares every number and every line.

import { range } from "./kit.mjs";

// Each operation: its kind, what it reads (data, then parameters), what it makes.
export const NETS = {
  affine: [["affine", ["x", "W1", "b1"], "a"], ["relu", ["a"], "h"], ["affine", ["h", "W2", "b2"], "s"],
           ["softmax", ["s"], "L"]],
  conv: [["conv", ["x", "W1", "b1"], "a"], ["relu", ["a"], "h"], ["max pool", ["h"], "m"],
         ["affine", ["m", "W2", "b2"], "s"], ["softmax", ["s"], "L"]],
};
export const SHAPES = {
  affine: { x: [2, 2], W1: [2, 3], b1: [3], a: [2, 3], h: [2, 3], W2: [3, 2], b2: [2], s: [2, 2], L: [] },
  conv: { x: [4, 4], W1: [2, 2], b1: [1], a: [3, 3], h: [3, 3], m: [2, 2], W2: [4, 2], b2: [2], s: [1, 2], L: [] },
};
export const LABELS = { affine: [0, 1], conv: [1] };
const H = 1e-5;
const KINK = 1e-6;

const made = (net) => NETS[net].map(([, , to]) => to);
export const leaves = (net) => Object.keys(SHAPES[net]).filter((name) => !made(net).includes(name));
export const sizeOf = (shape) => shape.reduce((n, side) => n * side, 1);

export function label(net, name, at) {
  const shape = SHAPES[net][name];
  const place = shape.length === 2 ? `${Math.floor(at / shape[1])}, ${at % shape[1]}` : `${at}`;
  return shape.length ? `${name}[${place}]` : name;
}

/** At most four decimals, with a true minus. */
export function number(value) {
  const text = value.toFixed(4).replace(/\.?0+$/, "");
  return text === "-0" ? "0" : text.replace("-", "−");
}
const factor = (value) => (number(value)[0] === "−" ? `(${number(value)})` : number(value));

/** Small numbers that depend on seed and place alone; no sum of them in a hidden unit is exactly 0. */
export function given(net, seed) {
  const values = {};
  leaves(net).forEach((name, salt) => {
    values[name] = range(0, sizeOf(SHAPES[net][name]) - 1).map((at) => small(name[0], scatter(seed, salt, at)));
  });
  return values;
}

function small(letter, drawn) {
  const sign = drawn % 2 ? -1 : 1, size = drawn >>> 1;
  return (sign * { x: 4 * (size % 25) + 4, W: 10 * (size % 9) + 10, b: 10 * (size % 3) + 5 }[letter]) / 100;
}

function scatter(seed, salt, at) {
  let h = (Math.imul(seed, 0x9E3779B1) + Math.imul(salt, 0x27D4EB2F) + Math.imul(at, 0x85EBCA6B)) >>> 0;
  for (const by of [0x7FEB352D, 0x846CA68B]) h = Math.imul(h ^ (h >>> 16), by) >>> 0;
  return (h ^ (h >>> 16)) >>> 0;
}

/**
 * What an operation makes of `values`: one node for each number, { value, parts }. A part is one edge of the
 * graph: the number `at` in `name` has this slope in the node, because of `why` (it uses the numbers `uses`).
 */
export function nodes(net, [kind, from, to], values) {
  return { affine, conv, relu, "max pool": pool, softmax }[kind](net, from, values, to);
}

function weighted(net, [x, w, b], values, readers) {
  return readers.map(({ pairs, bias }) => ({
    value: pairs.reduce((sum, [i, j]) => sum + values[x][i] * values[w][j], values[b][bias]),
    parts: pairs.flatMap(([i, j]) => [
      { name: x, at: i, slope: values[w][j], why: label(net, w, j), uses: [[w, j]] },
      { name: w, at: j, slope: values[x][i], why: label(net, x, i), uses: [[x, i]] },
    ]).concat({ name: b, at: bias, slope: 1, why: "1", uses: [] }),
  }));
}

function affine(net, from, values) {
  const [D, M] = SHAPES[net][from[1]], N = values[from[0]].length / D;
  return weighted(net, from, values, range(0, N * M - 1).map((k) => ({
    bias: k % M, pairs: range(0, D - 1).map((d) => [Math.floor(k / M) * D + d, d * M + (k % M)]),
  })));
}

function conv(net, from, values, to) {
  const wide = SHAPES[net][from[0]][1], side = SHAPES[net][from[1]][1];
  return weighted(net, from, values, windows(wide, side, sizeOf(SHAPES[net][to]))
    .map((cells) => ({ bias: 0, pairs: cells.map((cell, j) => [cell, j]) })));
}

/** The cells of every window of a square input, as they slide by one place. */
function windows(wide, side, many) {
  const out = Math.sqrt(many);
  return range(0, many - 1).map((k) => range(0, side * side - 1).map((j) =>
    (Math.floor(k / out) + Math.floor(j / side)) * wide + (k % out) + (j % side)));
}

function relu(net, [x], values) {
  return values[x].map((value, at) => ({
    value: Math.max(0, value),
    parts: [{ name: x, at, slope: value > 0 ? 1 : 0, uses: [[x, at]],
              why: `${value > 0 ? 1 : 0}, as ${label(net, x, at)} ${value > 0 ? ">" : "≤"} 0` }],
  }));
}

function pool(net, [x], values, to) {
  return windows(SHAPES[net][x][1], 2, sizeOf(SHAPES[net][to])).map((cells) => {
    const value = Math.max(...cells.map((cell) => values[x][cell]));
    const winner = cells.find((cell) => values[x][cell] === value); // the first, where several are equal
    return { value, parts: cells.map((at) => ({ name: x, at, slope: at === winner ? 1 : 0, uses: [[x, at]],
      why: at === winner ? "1, the largest" : "0, not the largest" })) };
  });
}

function softmax(net, [s], values) {
  const N = LABELS[net].length, p = chances(values[s], N);
  const parts = p.map((chance, at) => {
    const isRight = Number(LABELS[net][Math.floor(at / 2)] === at % 2);
    return { name: s, at, slope: (chance - isRight) / N, uses: [],
             why: `(${number(chance)} − ${isRight})/${N}` };
  });
  return [{ value: rightChances(net, p).reduce((sum, chance) => sum - Math.log(chance), 0) / N, parts }];
}

const rightChances = (net, p) => LABELS[net].map((y, n) => p[2 * n + y]);

function chances(scores, N) {
  return range(0, N - 1).flatMap((n) => {
    const powers = [0, 1].map((c) => Math.exp(scores[2 * n + c] - Math.max(scores[2 * n], scores[2 * n + 1])));
    return powers.map((power) => power / (powers[0] + powers[1]));
  });
}

/** All values; `shift` adds a little to one number, as soon as it is there, and so changes what follows. */
export function forward(net, seed, shift = null) {
  const values = given(net, seed), all = {};
  const nudge = (name) => { if (shift?.name === name) values[name][shift.at] += shift.by; };
  leaves(net).forEach(nudge);
  for (const operation of NETS[net]) {
    const to = operation[2];
    all[to] = nodes(net, operation, values);
    values[to] = all[to].map(({ value }) => value);
    nudge(to);
  }
  return { values, nodes: all };
}

/** Values, nodes and gradients: each product of slope and gradient behind it is added where the edge starts. */
export function graph(net, seed) {
  const { values, nodes: all } = forward(net, seed);
  const gradients = Object.fromEntries(Object.entries(values).map(([name, v]) => [name, v.map(() => 0)]));
  gradients.L = [1];
  for (const to of made(net).reverse()) {
    all[to].forEach(({ parts }, k) => parts.forEach(({ name, at, slope }) => {
      gradients[name][at] += slope * gradients[to][k];
    }));
  }
  return { net, seed, values, nodes: all, gradients };
}

export function measured(net, seed, name, at) {
  const [up, down] = [H, -H].map((by) => forward(net, seed, { name, at, by }).values.L[0]);
  return (up - down) / (2 * H);
}

export const steps = (net) => 2 * NETS[net].length + 1;

/** What a step computes: { operation, back, names }. Step 0 is what is given, then forward, then back. */
export function stepOf(net, step) {
  const n = NETS[net].length, back = step > n;
  if (step === 0) return { operation: null, back, names: leaves(net) };
  const operation = NETS[net][back ? 2 * n - step : step - 1];
  return { operation, back, names: back ? operation[1] : [operation[2]] };
}

export const cells = (net, step) => stepOf(net, step).names.flatMap((name) =>
  range(0, sizeOf(SHAPES[net][name]) - 1).map((at) => [name, at]));

/** The step in which a value, or a gradient, comes about. */
export function stepFor(net, name, back) {
  const n = NETS[net].length, makes = made(net).indexOf(name) + 1;
  return back ? 2 * n - NETS[net].findIndex(([, from]) => from.includes(name)) : makes;
}

/** The edges from this number: [what it goes into, slope, why, gradient there, uses]. */
export function ways(g, name, at) {
  const [, , to] = NETS[g.net].find(([, from]) => from.includes(name));
  return g.nodes[to].flatMap(({ parts }, k) => parts.filter((part) => part.name === name && part.at === at)
    .map((part) => ({ to, k, ...part, gradient: g.gradients[to][k] })));
}

/** How the number at a place among those of a step comes about, line by line. */
export function lines(g, step, place) {
  const { operation, back } = stepOf(g.net, step), [name, at] = cells(g.net, step)[place];
  const value = number(g.values[name][at]), said = label(g.net, name, at);
  if (!operation) return [`${said} = ${value} is given.`];
  return back ? backLines(g, name, at, said) : [`${said} = ${terms(g, operation, at)} = ${value}`];
}

function terms({ net, values, nodes: all }, [kind, from, to], k) {
  const { parts } = all[to][k], value = ({ name, at }) => values[name][at];
  if (kind === "relu") return `max(0, ${label(net, from[0], k)}) = max(0, ${number(value(parts[0]))})`;
  if (kind === "max pool") {
    return `max(${parts.map((part) => label(net, part.name, part.at)).join(", ")}) = max(${
      parts.map((part) => number(value(part))).join(", ")})`;
  }
  if (kind === "softmax") {
    const logs = rightChances(net, chances(values.s, LABELS[net].length)).map((p) => `−log ${number(p)}`);
    return `mean of −log p(right class) = mean of ${logs.join(" and ")}`;
  }
  const pairs = parts.filter(({ name }) => name === from[0]), bias = parts.at(-1);
  return [...pairs.map((part) => `${label(net, part.name, part.at)}·${part.why}`), label(net, bias.name, bias.at)]
    .join(" + ") + " = " + [...pairs.map((part) => `${factor(value(part))}·${factor(part.slope)}`),
    factor(value(bias))].join(" + ");
}

function backLines(g, name, at, said) {
  const rows = ways(g, name, at).map(({ to, k, slope, why, gradient }) => {
    const behind = label(g.net, to, k), is = why.split(",")[0] === number(slope) ? why : `${why} = ${number(slope)}`;
    const first = to === "L" ? `∂L/∂${said}` : `∂${behind}/∂${said} · ∂L/∂${behind}`;
    return to === "L" ? `${first} = ${is}`
      : `${first} = [${is}] · ${factor(gradient)} = ${number(slope * gradient)}`;
  });
  const total = number(g.gradients[name][at]), check = measured(g.net, g.seed, name, at);
  const isKink = Math.abs(check - g.gradients[name][at]) > KINK;
  return [
    ...rows,
    `∂L/∂${said} = ${total}${rows.length > 1 ? `, the sum of ${rows.length} products` : ""}`,
    `measured: (L at ${said} + 0.00001 less L at ${said} − 0.00001)/0.00002 = ${number(check)}`,
    ...(isKink ? ["These differ at a kink: several numbers of a window are equally large, here 0."] : []),
  ];
}

export const SIGNS = ["positive", "negative", "zero"];
export const sign = (value) => SIGNS[Math.abs(value) < 1e-12 ? 2 : value > 0 ? 0 : 1];

/** Says what a gradient means. */
export function meaning(g, name, at) {
  const gradient = g.gradients[name][at], said = label(g.net, name, at);
  const then = { positive: "the loss rises", negative: "the loss falls", zero: "the loss stays as it is" };
  return `∂L/∂${said} = ${number(gradient)}: raise ${said} a little and ${then[sign(gradient)]}.`;
}

const WORDS = {
  affine: ["Affine: each number is a row of data times a column of weights, plus a bias.",
           "Affine, backwards: a gradient goes on to the data times the weight, to the weight times the data."],
  conv: ["Convolution: each number is the window beneath the kernel times the kernel, plus the bias.",
         "Convolution, backwards: one weight stands in every window, so its gradient is a sum over all of them."],
  relu: ["ReLU keeps what is positive and makes the rest 0.",
         "ReLU, backwards: the gradient passes where the number was positive, and stops elsewhere."],
  "max pool": ["Max pool keeps the largest of each 2 × 2 window; these windows overlap.",
               "Max pool, backwards: all of the gradient goes to the largest; who won twice gets a sum."],
  softmax: ["Softmax loss: how little chance the scores give to the right classes.",
            "Softmax loss, backwards: the chance of each class, less 1 for the right one, over the samples."],
};

const GIVEN = "Given: data, weights and biases. Step forward to the loss, then back.";

export function sentence(net, step) {
  const { operation, back } = stepOf(net, step);
  return operation ? WORDS[operation[0]][Number(back)] : GIVEN;
}
