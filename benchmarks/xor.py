"""How often does the net of perceptron-xor learn XOR? 100 seeds, after 100, 1,000 and 5,000 updates.

    python -m benchmarks.xor

The net is 2-10(tanh)-1(sigmoid) with binary cross-entropy, learning rate 0.1 and all four points in each
update; benchmarks/xor.json keeps the loss and the number of right points of every run.
"""

import numpy as np
import typer
from tqdm.auto import tqdm

from benchmarks.record import record
from course.reference.sequential import SGD, Activation, Dense, Sequential

X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
Y = np.array([[0], [1], [1], [0]])
UPDATES = (100, 1_000, 5_000)
MEASURED = ("benchmarks/xor.py", "course/reference/sequential")


def run(seed):
    """Return [(updates, loss, right points, prediction for (0, 0) at the start)] of one training."""
    layers = [Dense(10, input_dim=2), Activation("tanh"), Dense(1), Activation("sigmoid")]
    model = Sequential(layers, rng=seed)
    model.compile(loss="binary_crossentropy", optimizer=SGD(0.1), metrics=["accuracy"])
    at_start, done, found = float(model.predict(X)[0, 0]), 0, []
    for updates in UPDATES:
        model.fit(X, Y, epochs=updates - done, verbose=0)
        done = updates
        loss, accuracy = model.evaluate(X, Y)
        found.append((updates, loss, round(4 * accuracy), at_start))
    return found


def main(seeds: int = 100):
    """Train from each seed, print a line for each number of updates, and keep every run."""
    runs = [run(seed) for seed in tqdm(range(seeds), desc="Seeds")]
    figures = {"seeds": seeds, "predicts 0.5 for (0, 0) at the start": sum(r[0][3] == 0.5 for r in runs)}
    for place, updates in enumerate(UPDATES):
        losses = [found[place][1] for found in runs]
        right = [found[place][2] for found in runs]
        solved = right.count(4)
        print(
            f"{updates:>5,} updates: {solved} of {seeds} runs have all four right, mean loss "
            f"{np.mean(losses):.4f}, from {min(losses):.4f} to {max(losses):.4f}"
        )
        figures[f"{updates} updates"] = {
            "solved": solved,
            "mean loss": round(float(np.mean(losses)), 4),
            "losses": [round(loss, 5) for loss in losses],
            "right": right,
        }
    record("xor", figures, measured=MEASURED)


if __name__ == "__main__":
    typer.run(main)
