"""The graph of a small net: values forward, gradients back, and where each number comes from.

backprop_arithmetic.mjs says the same in JavaScript: a test compares every number and every line.
"""

from itertools import product
from typing import NamedTuple

import numpy as np

# Each operation: its kind, what it reads (data, then parameters), what it makes.
NETS = {
    "affine": [("affine", ("x", "W1", "b1"), "a"), ("relu", ("a",), "h"), ("affine", ("h", "W2", "b2"), "s"),
               ("softmax", ("s",), "L")],
    "conv": [("conv", ("x", "W1", "b1"), "a"), ("relu", ("a",), "h"), ("max pool", ("h",), "m"),
             ("affine", ("m", "W2", "b2"), "s"), ("softmax", ("s",), "L")],
}
SHAPES = {
    "affine": {"x": (2, 2), "W1": (2, 3), "b1": (3,), "a": (2, 3), "h": (2, 3), "W2": (3, 2), "b2": (2,),
               "s": (2, 2), "L": ()},
    "conv": {"x": (4, 4), "W1": (2, 2), "b1": (1,), "a": (3, 3), "h": (3, 3), "m": (2, 2), "W2": (4, 2),
             "b2": (2,), "s": (1, 2), "L": ()},
}
LABELS = {"affine": (0, 1), "conv": (1,)}
POOL = 2
H = 1e-5
KINK = 1e-6
MOST_STEPS = max(2 * len(operations) for operations in NETS.values())
WORDS = {
    "affine": ("Affine: each number is a row of data times a column of weights, plus a bias.",
               "Affine, backwards: a gradient goes on to the data times the weight, to the weight times the "
               "data."),
    "conv": ("Convolution: each number is the window beneath the kernel times the kernel, plus the bias.",
             "Convolution, backwards: one weight stands in every window, so its gradient is a sum over "
             "all of them."),
    "relu": ("ReLU keeps what is positive and makes the rest 0.",
             "ReLU, backwards: the gradient passes where the number was positive, and stops elsewhere."),
    "max pool": ("Max pool keeps the largest of each 2 × 2 window; these windows overlap.",
                 "Max pool, backwards: all of the gradient goes to the largest; who won twice gets a sum."),
    "softmax": ("Softmax loss: how little chance the scores give to the right classes.",
                "Softmax loss, backwards: the chance of each class, less 1 for the right one, over the "
                "samples."),
}


class Edge(NamedTuple):
    """One number's part in another: the one at a place of `name` has this slope in it, because of `why`."""

    name: str
    at: tuple
    slope: float
    why: str


class Node(NamedTuple):
    """A number that an operation makes, and the edges that lead to it."""

    value: float
    edges: list


class Graph(NamedTuple):
    """A net with its numbers: values and gradients {name: array}, nodes {name: {place: Node}}."""

    net: str
    seed: int
    values: dict
    nodes: dict
    gradients: dict


def leaves(net):
    """Return the names of what is given: data, weights and biases."""
    made = {to for _, _, to in NETS[net]}
    return [name for name in SHAPES[net] if name not in made]


def given(net, seed):
    """Return {name: array} of small numbers; no sum of them in a hidden unit is exactly 0."""
    values = {}
    for salt, name in enumerate(leaves(net)):
        shape = SHAPES[net][name]
        numbers = [_small(name[0], _scatter(seed, salt, at)) for at in range(np.prod(shape))]
        values[name] = np.array(numbers).reshape(shape)
    return values


def _small(letter, drawn):
    sign, size = (-1 if drawn % 2 else 1), drawn >> 1
    hundredths = {"x": 4 * (size % 25) + 4, "W": 10 * (size % 9) + 10, "b": 10 * (size % 3) + 5}[letter]
    return sign * hundredths / 100


def _scatter(seed, salt, at):
    h = (seed * 0x9E3779B1 + salt * 0x27D4EB2F + at * 0x85EBCA6B) & 0xFFFFFFFF
    for by in (0x7FEB352D, 0x846CA68B):
        h = ((h ^ (h >> 16)) * by) & 0xFFFFFFFF
    return h ^ (h >> 16)


def graph(net, seed):
    """Return the Graph: each product of slope and gradient behind it is added where the edge starts."""
    values, nodes = _forward(net, seed)
    gradients = {name: np.zeros(value.shape) for name, value in values.items()}
    gradients["L"][()] = 1
    for _, _, to in reversed(NETS[net]):
        for place, node in nodes[to].items():
            for edge in node.edges:
                gradients[edge.name][edge.at] += edge.slope * gradients[to][place]
    return Graph(net, seed, values, nodes, gradients)


def measured(net, seed, name, at):
    """Return the gradient at one number as it is measured, by centred difference."""
    up, down = (_forward(net, seed, (name, at, by))[0]["L"] for by in (H, -H))
    return float(up - down) / (2 * H)


def _forward(net, seed, shift=(None, None, None)):
    """Return values and nodes; shift = (name, place, by) changes one number as soon as it is there."""
    values, nodes = given(net, seed), {}
    for kind, read, to in [(None, None, name) for name in values] + NETS[net]:
        if kind:
            nodes[to] = MAKERS[kind](net, read, values, to)
            values[to] = np.array([node.value for node in nodes[to].values()]).reshape(SHAPES[net][to])
        if to == shift[0]:
            values[to][shift[1]] += shift[2]
    return values, nodes


def _weighted(net, read, values, readers):
    x, w, b = read
    nodes = {}
    for place, (pairs, bias) in readers.items():
        value = float(values[b][bias])
        edges = []
        for i, j in pairs:
            value += float(values[x][i] * values[w][j])
            edges += [Edge(x, i, float(values[w][j]), label(net, w, j)),
                      Edge(w, j, float(values[x][i]), label(net, x, i))]
        nodes[place] = Node(value, [*edges, Edge(b, bias, 1, "1")])
    return nodes


def _affine(net, read, values, to):
    D, _ = SHAPES[net][read[1]]
    places = [np.unravel_index(range(n * D, n * D + D), SHAPES[net][read[0]])
              for n in range(SHAPES[net][to][0])]
    rows = [[tuple(map(int, place)) for place in zip(*row, strict=True)] for row in places]
    return _weighted(net, read, values, {
        (n, m): ([(i, (d, m)) for d, i in enumerate(rows[n])], (m,)) for n, m in np.ndindex(SHAPES[net][to])})


def _conv(net, read, values, to):
    taps = list(np.ndindex(SHAPES[net][read[1]]))
    return _weighted(net, read, values, {
        (r, c): ([((r + i, c + j), (i, j)) for i, j in taps], (0,)) for r, c in np.ndindex(SHAPES[net][to])})


def _relu(net, read, values, to):
    nodes = {}
    for at, value in np.ndenumerate(values[read[0]]):
        passes = int(value > 0)
        why = f"{passes}, as {label(net, read[0], at)} {'>' if passes else '≤'} 0"
        nodes[at] = Node(max(0.0, float(value)), [Edge(read[0], at, passes, why)])
    return nodes


def _pool(net, read, values, to):
    nodes = {}
    for r, c in np.ndindex(SHAPES[net][to]):
        places = [(r + i, c + j) for i, j in product(range(POOL), repeat=2)]
        winner = max(places, key=lambda at: values[read[0]][at])  # the first, where several are equal
        edges = [Edge(read[0], at, *((1, "1, the largest") if at == winner else (0, "0, not the largest")))
                 for at in places]
        nodes[r, c] = Node(float(values[read[0]][winner]), edges)
    return nodes


def _softmax(net, read, values, to):
    chances, N = _chances(values[read[0]]), len(LABELS[net])
    edges = []
    for (n, c), chance in np.ndenumerate(chances):
        is_right = int(LABELS[net][n] == c)
        why = f"({number(chance)} − {is_right})/{N}"
        edges.append(Edge(read[0], (n, c), float(chance - is_right) / N, why))
    return {(): Node(float(-np.log(_right(net, chances)).mean()), edges)}


MAKERS = {"affine": _affine, "conv": _conv, "relu": _relu, "max pool": _pool, "softmax": _softmax}


def _chances(scores):
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def _right(net, chances):
    return chances[range(len(LABELS[net])), LABELS[net]]


def label(net, name, at):
    """Return the name of one number, such as W1[0, 2]."""
    return f"{name}[{', '.join(map(str, at))}]" if SHAPES[net][name] else name


def number(value):
    """Write a number with at most four decimals and a true minus."""
    text = f"{value:.4f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text.replace("-", "−")


def _factor(value):
    return f"({number(value)})" if number(value)[0] == "−" else number(value)


def n_steps(net):
    """Count the steps: what is given, every operation forward, every operation back."""
    return 2 * len(NETS[net]) + 1


def step_of(net, step):
    """Return (operation or None, whether it goes back, names of what it computes)."""
    n = len(NETS[net])
    if step == 0:
        return None, False, leaves(net)
    if step > n:
        operation = NETS[net][2 * n - step]
        return operation, True, list(operation[1])
    return NETS[net][step - 1], False, [NETS[net][step - 1][2]]


def cells(net, step):
    """Return [(name, place), ...] of all numbers that a step computes."""
    return [(name, at) for name in step_of(net, step)[2] for at in np.ndindex(SHAPES[net][name])]


def lines(g, step, place):
    """Say line by line how the number at a place among those of a step comes about."""
    operation, back, _ = step_of(g.net, step)
    name, at = cells(g.net, step)[place]
    value, said = number(g.values[name][at]), label(g.net, name, at)
    if operation is None:
        return [f"{said} = {value} is given."]
    return _back_lines(g, name, at, said) if back else [f"{said} = {_terms(g, operation, at)} = {value}"]


def _terms(g, operation, place):
    kind, read, to = operation
    edges = g.nodes[to][place].edges
    names = [label(g.net, edge.name, edge.at) for edge in edges]
    values = [g.values[edge.name][edge.at] for edge in edges]
    if kind == "relu":
        return f"max(0, {names[0]}) = max(0, {number(values[0])})"
    if kind == "max pool":
        return f"max({', '.join(names)}) = max({', '.join(map(number, values))})"
    if kind == "softmax":
        logs = [f"−log {number(chance)}" for chance in _right(g.net, _chances(g.values["s"]))]
        return f"mean of −log p(right class) = mean of {' and '.join(logs)}"
    pairs = [(name, value, edge) for name, value, edge in zip(names, values, edges, strict=True)
             if edge.name == read[0]]
    symbols = [f"{name}·{edge.why}" for name, _, edge in pairs]
    numbers = [f"{_factor(value)}·{_factor(edge.slope)}" for _, value, edge in pairs]
    return f"{' + '.join([*symbols, names[-1]])} = {' + '.join([*numbers, _factor(values[-1])])}"


def _back_lines(g, name, at, said):
    to = next(to for _, read, to in NETS[g.net] if name in read)
    rows = []
    for place, node in g.nodes[to].items():
        behind, gradient = label(g.net, to, place), g.gradients[to][place]
        for edge in node.edges:
            if (edge.name, edge.at) != (name, at):
                continue
            slope = number(edge.slope)
            slope = edge.why if edge.why.split(",")[0] == slope else f"{edge.why} = {slope}"
            rows.append(f"∂L/∂{said} = {slope}" if to == "L" else
                        f"∂{behind}/∂{said} · ∂L/∂{behind} = [{slope}] · {_factor(gradient)} = "
                        f"{number(edge.slope * gradient)}")
    many = f", the sum of {len(rows)} products" if len(rows) > 1 else ""
    check = measured(g.net, g.seed, name, at)
    kink = ["These differ at a kink: several numbers of a window are equally large, here 0."]
    return [
        *rows,
        f"∂L/∂{said} = {number(g.gradients[name][at])}{many}",
        f"measured: (L at {said} + 0.00001 less L at {said} − 0.00001)/0.00002 = {number(check)}",
        *(kink if abs(check - g.gradients[name][at]) > KINK else []),
    ]


def sentence(net, step):
    """Say what a step does."""
    operation, back, _ = step_of(net, step)
    if operation is None:
        return "Given: data, weights and biases. Step forward to the loss, then back."
    return WORDS[operation[0]][back]
