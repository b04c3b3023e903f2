"""Gradients measured instead of derived, and how far a measurement can be trusted.

A central difference has two errors. Truncation: the slope between x - h and x + h differs from the
slope at x by h^2 / 6 times the third derivative, about 2e-11 for h = 1e-5. Rounding: each value of f
is off by a few eps of its size (eps = 2.2e-16), which the division by 2 h blows up to about 1e-11
for a few terms, 1e-10 for long sums. h = 1e-5 keeps both small; smaller steps lose to rounding,
larger ones to truncation.
TOLERANCE, as a part of |yours| + |numerical|, stays above truncation as long as the third derivative
is below 12 TOLERANCE / h^2 = 120,000 slopes. A fault of 0.1 % is 1/2000 of the same sum, 500 times as
much. BLIND is half of that: more rounding could hide such a fault, and less cannot.
At a kink (ReLU at 0, a tie in max pooling) there is no single slope. With d the difference of the
slopes to the right and to the left, the measurement lies within d / 2 of either one, so a gradient
which is no further away than that can be neither confirmed nor refuted. A smooth f has such a
difference too, d / 2 = h / 2 times the second derivative: below KINK as long as the second derivative
is below 2 KINK / h = 20 slopes.
"""

from dataclasses import dataclass

import numpy as np

TOLERANCE = 1e-6  # relative: 500 times smaller than a fault of 0.1 %, far above truncation
NOISE = 100  # rounding of one value of f, in eps of the largest value; sums whose terms cancel reach 60
KINK = 1e-4  # of the largest slope: a smooth f stays below it unless f'' exceeds 20 f'
FLOOR = 1e-10  # absolute: eps / (2 h) is 1e-11, the rounding of a number near 1 inside f
BLIND = 2.5e-4  # relative: where rounding reaches this, a fault of 0.1 % could hide in it


@dataclass(frozen=True)
class Slopes:
    """A measured gradient and its uncertainty, element by element, each with the shape of x.

    spread: half the difference between the slopes to the right and to the left.
    noise: a bound of the rounding.
    """

    gradient: np.ndarray
    spread: np.ndarray
    noise: np.ndarray

    @property
    def kinks(self):
        """Return where the slopes to the right and to the left really differ: booleans, the shape of x."""
        return self.spread > KINK * np.abs(self.gradient).max(initial=0) + self.noise


@dataclass(frozen=True, eq=False)
class GradientCheck:
    """The outcome of check_gradient.

    verdict: "pass", "wrong" or "cannot decide".  index: the element that decides: the worst one.
    analytic, numerical, error: there, the two numbers and their relative error.
    kinks: booleans, the shape of x, where the two numbers differ but a kink can explain it.
    """

    verdict: str
    error: float
    index: tuple[int, ...]
    analytic: float
    numerical: float
    kinks: np.ndarray

    def __str__(self):
        """Return one line for people."""
        kinks, numbers = int(self.kinks.sum()), self.kinks.size
        hidden = f"{kinks} of {numbers} numbers at a kink" if kinks else "rounding hides the slope"
        reason = {
            "pass": f"all {numbers} numbers agree",
            "wrong": "the numbers differ",
            "cannot decide": hidden,
        }[self.verdict]
        return (
            f"{self.verdict}: {reason}. Relative error {self.error:.1e} at {self.index}: "
            f"yours {self.analytic + 0.0:.8g}, numerical {self.numerical + 0.0:.8g}"  # + 0.0: no -0
        )


def relative_error(a, b):
    """Return the largest max |a - b| / max(1e-8, |a| + |b|) over all elements.

    a, b: arrays of one shape, or numbers. Returns infinity when one of them is not finite.
    Raises ValueError when the shapes differ.
    """
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if a.shape != b.shape:
        raise ValueError(f"a and b must have the same shape, got {a.shape} and {b.shape}")
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        return float("inf")
    return float((np.abs(a - b) / np.maximum(1e-8, np.abs(a) + np.abs(b))).max(initial=0))


def points(x, h=1e-5):
    """Yield x, then for each of its numbers x with this number raised by h and x with it lowered by h.

    x: any shape. Yields 1 + 2 x.size new arrays of float64; x itself is never changed.
    """
    x = np.array(x, dtype=float)
    yield x.copy()
    for index in np.ndindex(x.shape):
        for step in (h, -h):
            moved = x.copy()
            moved[index] += step
            yield moved


def slopes(values, x, dout=None, h=1e-5):
    """Return the Slopes of sum(f * dout) at x, made of the values of f at points(x, h).

    values: what f returns at each of the points, in their order.  dout: the shape of such a value,
    or None when it is a single number.
    Raises ValueError when dout does not fit.
    """
    x = np.array(x, dtype=float)
    values = iter(values)
    centre = np.asarray(next(values))
    eps = np.finfo(centre.dtype).eps if centre.dtype.kind == "f" else np.finfo(float).eps
    dout = np.ones(()) if dout is None else np.asarray(dout, dtype=float)
    if dout.shape != centre.shape:
        raise ValueError(f"dout must have the shape of f(x), {centre.shape}, got {dout.shape}")
    gradient, spread, noise = np.zeros(x.shape), np.zeros(x.shape), np.zeros(x.shape)
    with np.errstate(over="ignore", invalid="ignore"):
        blur = NOISE * eps * np.abs(centre).max(initial=0)
        for index in np.ndindex(x.shape):
            # Steps as they really are: x + h is rounded when x is large.
            up, down = (x[index] + h) - x[index], x[index] - (x[index] - h)
            rise = np.asarray(next(values), dtype=float) - centre
            fall = centre - np.asarray(next(values), dtype=float)
            # Each output by itself: jumps of opposite sign must not cancel in the sum.
            gradient[index] = ((rise + fall) * dout).sum() / (up + down)
            spread[index] = np.abs((rise / up - fall / down) * dout).sum() / 2
            # Outputs that stay put add no rounding; but one may have moved too little to show it.
            moved = np.abs(dout[(rise != 0) | (fall != 0)]).sum()
            noise[index] = blur * max(moved, np.abs(dout).max(initial=0)) / (up + down)
    return Slopes(gradient, spread, noise)


def numerical_gradient(f, x, dout=None, h=1e-5):
    """Measure the gradient of sum(f(x) * dout) with central differences.

    gradient[i] = sum((f(x + h e_i) - f(x - h e_i)) * dout) / (2 h), computed in float64.

    f: takes an array like x, returns an array or a number.  x: any shape; never changed.
    dout: the shape of f(x), or None when f returns a single number.
    Returns gradient and kinks, float64 and bool, both the shape of x; kinks marks the elements where f has
    a kink between x - h and x + h, so that there is no single slope.
    Raises ValueError when dout does not fit.
    """
    measured = slopes((f(point) for point in points(x, h)), x, dout, h)
    return measured.gradient, measured.kinks


def check_gradient(f, x, analytic, dout=None, h=1e-5):
    """Compare a derived gradient with the measured one.

    f, x, dout, h: as in numerical_gradient.  analytic: the shape of x, what is to be checked.
    Returns a GradientCheck. "cannot decide" when the numbers differ only where a kink can explain it,
    or when rounding would hide a fault of 0.1 %.
    Raises ValueError when a shape does not fit.
    """
    return judge(slopes((f(point) for point in points(x, h)), x, dout, h), analytic)


def judge(measured, analytic):
    """Compare a derived gradient with Slopes. Returns a GradientCheck; ValueError when the shapes differ."""
    analytic, numerical = np.asarray(analytic), measured.gradient
    if analytic.shape != numerical.shape:
        raise ValueError(f"the gradient must have the shape of x, {numerical.shape}, got {analytic.shape}")
    if not analytic.size:
        raise ValueError("x holds no numbers, so there is no gradient to check")
    noise = np.maximum(measured.noise, FLOOR)
    if analytic.dtype.kind == "f":  # float32 gradients carry the rounding of their own sums
        noise = noise + 256 * np.finfo(analytic.dtype).eps * np.abs(analytic).max()
    with np.errstate(invalid="ignore"):
        size = np.abs(analytic) + np.abs(numerical)
        difference = np.abs(analytic - numerical)
        allowed = TOLERANCE * size + noise
        agrees = difference <= allowed
        measurable = np.isfinite(numerical) & np.isfinite(measured.spread)
        wrong = ~agrees & measurable & ~(difference <= measured.spread * 1.001 + noise)
        wrong |= ~np.isfinite(analytic)
        kinks = ~agrees & ~wrong
        largest = np.unravel_index(np.argmax(size), size.shape)
        blind = not noise[largest] <= BLIND * size[largest] and size.any()
        badness = np.nan_to_num(difference / allowed, nan=np.inf)
    verdict = "wrong" if wrong.any() else "cannot decide" if kinks.any() or blind else "pass"
    if wrong.any() or kinks.any() or not blind:
        deciding = wrong if wrong.any() else kinks if kinks.any() else np.ones_like(kinks)
        worst = np.unravel_index(np.argmax(np.where(deciding, badness, -1)), size.shape)
    else:
        worst = largest
    index = tuple(int(i) for i in worst)
    yours, measured_there = float(analytic[index]), float(numerical[index])
    return GradientCheck(verdict, relative_error(yours, measured_there), index, yours, measured_there, kinks)


def directional_error(f, args, grads, dout, rng, directions=2):
    """Compare derived gradients with complex steps along random directions: no rounding, no step size.

    For a random direction v of one argument, Im sum(f(.., x + 1e-30 i v, ..) * dout) / 1e-30 = sum(grad * v)
    to the last bits. Only for an f that carries complex numbers through: a buffer of np.zeros drops them.

    f: takes *args, returns an array or a number.  args: arrays.  grads: one array for each, of its shape.
    dout: the shape of f(*args), or None when it is a single number.  rng: numpy Generator.
    Returns the largest |left - right| / (|left| + sum |grad * v|), about 1e-15 for right gradients.
    Raises ValueError when a shape does not fit.
    """
    step, worst = 1e-30, 0.0
    dout = np.ones(()) if dout is None else np.asarray(dout)
    for place, (x, grad) in enumerate(zip(args, grads, strict=True)):
        if grad.shape != x.shape:
            raise ValueError(f"gradient {place} must have the shape {x.shape}, got {grad.shape}")
        for _ in range(directions):
            v = rng.standard_normal(x.shape)
            out = np.asarray(f(*args[:place], x + 1j * step * v, *args[place + 1 :]))
            if out.shape != dout.shape:
                raise ValueError(f"dout must have the shape of f, {out.shape}, got {dout.shape}")
            left, right = (out.imag * dout).sum() / step, (grad * v).sum()
            size = abs(left) + np.abs(grad * v).sum()
            worst = max(worst, abs(left - right) / size) if size else worst
    return float(worst)
