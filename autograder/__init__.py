"""From lesson texts to notebooks, and from what students hand in to points, feedback and a gradebook."""

import os
import sys

# As many submissions are graded at a time as there are cores: more threads in each only wait for one another.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# nbformat imports jsonschema, and that would make a parser of web addresses out of their grammar, in each
# process anew: more than a second, for a check that no notebook's schema asks for. It can do without.
sys.modules.setdefault("rfc3987_syntax", None)
