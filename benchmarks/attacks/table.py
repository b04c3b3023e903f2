"""All attacks, kind by kind."""

from benchmarks.attacks import files, forging, kernel, network, notebooks, processes, reading, seeing, weights

ATTACKS = (
    *forging.ATTACKS,
    *notebooks.ATTACKS,
    *processes.ATTACKS,
    *files.ATTACKS,
    *reading.ATTACKS,
    *network.ATTACKS,
    *seeing.ATTACKS,
    *weights.ATTACKS,
    *kernel.ATTACKS,
)
