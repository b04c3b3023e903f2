// Activations: value, slope, and what is left of a gradient behind a stack of them. Pure functions.

export const LIMITS = { z: [-6, 6, 0.1], layers: [1, 20], weight: [0.5, 4, 0.5] };
const LEAK = 0.1;
const SATURATED = 0.05; // of the largest slope
const FLAT = 0.5;

const sigmoid = (z) => 1 / (1 + Math.exp(-z));

/** For each kind: its formula, its value, its slope, and the largest slope it has. */
export const KINDS = {
  step: { formula: "1 if z > 0, else 0", value: (z) => (z > 0 ? 1 : 0), slope: () => 0, most: 0 },
  sigmoid: { formula: "1 / (1 + exp(−z))", value: sigmoid, slope: (z) => sigmoid(z) * (1 - sigmoid(z)), most: 0.25 },
  tanh: { formula: "tanh z", value: Math.tanh, slope: (z) => 1 - Math.tanh(z) ** 2, most: 1 },
  relu: { formula: "max(0, z)", value: (z) => Math.max(0, z), slope: (z) => (z > 0 ? 1 : 0), most: 1 },
  "leaky relu": {
    formula: "z if z > 0, else 0.1 z", value: (z) => (z > 0 ? z : LEAK * z), slope: (z) => (z > 0 ? 1 : LEAK), most: 1,
  },
};

const DIGITS = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

/** A number to read: 0.105, −3, 1.2·10⁻⁷. */
export function written(number) {
  if (number === 0) return "0";
  const minus = number < 0 ? "−" : "", size = Math.abs(number);
  if (size >= 0.001 && size < 10000) return minus + `${Number(size.toFixed(3))}`;
  const [digits, power] = size.toExponential(1).split("e");
  return `${minus}${digits}·10${Array.from(power.replace("+", ""), (digit) => DIGITS[digit]).join("")}`;
}

/**
 * A stack of layers with one unit each, a = f(z), the next z = weight · a; z is the first layer's.
 * One { z, a, slope, gradient } for each layer: gradient is d(last a) / d(this z), the product of all slopes and
 * weights from here on.
 */
export function stack(kind, { z, layers, weight }) {
  const { value, slope } = KINDS[kind], found = [];
  for (let at = z; found.length < layers; at = weight * value(at)) {
    found.push({ z: at, a: value(at), slope: slope(at) });
  }
  let gradient = 1;
  for (const layer of found.reverse()) {
    layer.gradient = gradient * layer.slope;
    gradient = layer.gradient * weight;
  }
  return found.reverse();
}

/** What the place on the curve means for a gradient, in words. */
export function saturation(kind, z) {
  const slope = KINDS[kind].slope(z), share = slope / KINDS[kind].most;
  if (kind === "step") return "Its slope is 0 everywhere: no gradient passes, whatever comes in.";
  if (slope === 1 && kind !== "tanh") return "Open: the slope is 1, and the gradient passes unchanged.";
  if (kind === "relu") return "Cut off: the slope is 0, and no gradient passes.";
  if (kind === "leaky relu") return "Below 0 a tenth of the gradient passes, so the unit can still learn.";
  const most = `${Math.round(100 * share)} % of its largest slope, ${KINDS[kind].most}`;
  if (share < SATURATED) return `Saturated: the curve is flat here, with ${most}; almost no gradient passes.`;
  return share < FLAT ? `It flattens: ${most}.` : `In its steep middle: ${most}.`;
}

/** Value and slope, with their meaning. */
export const sentence = (kind, z) =>
  `${kind}(${written(z)}) = ${written(KINDS[kind].value(z))}, slope ${written(KINDS[kind].slope(z))}. ` +
  saturation(kind, z);

/** What the stack does to a gradient. */
export function stackSentence(kind, settings) {
  const [{ gradient }] = stack(kind, settings), n = settings.layers;
  return `Through ${n === 1 ? "1 layer" : `${n} layers`} of ${kind} a gradient of 1 comes back as ${written(gradient)}.`;
}

/** One line for each layer, counted from the input, from the last, where the gradient starts. */
export const stackLines = (kind, settings) => stack(kind, settings).map(({ z, a, slope, gradient }, i) =>
  `${i + 1}: z ${written(z)}, a ${written(a)}, slope ${written(slope)}, gradient ${written(gradient)}`)
  .reverse();

export const SIZES = ["0", "under a millionth", "up to a thousandth", "up to a tenth", "up to 1", "more than 1"];

/** Which of the SIZES a gradient has. */
export function sizeOf(gradient) {
  const limits = [0, 1e-6, 1e-3, 0.1, 1], size = Math.abs(gradient);
  const found = limits.findIndex((limit) => size <= limit);
  return SIZES.at(found);
}

/** A random stack to guess about. */
export function puzzle(random) {
  const pick = (list) => list[Math.floor(random() * list.length)];
  return {
    kind: pick(Object.keys(KINDS).slice(1)), z: pick([-2, -0.5, 0.5, 1, 2, 4]), layers: pick([2, 4, 10, 20]),
    weight: pick([1, 1, 4]),
  };
}
