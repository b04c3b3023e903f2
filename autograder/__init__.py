"""From lesson texts to notebooks, and from what students hand in to points, feedback and a gradebook."""

import os

# As many submissions are graded at a time as there are cores: more threads in each only wait for one another.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
