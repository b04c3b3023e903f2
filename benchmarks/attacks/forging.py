"""Submissions that want points for a wrong answer: they fool who believes a student's process."""

from benchmarks.attacks.attack import Attack

POINTS = 'POINTS = {"affine_forward": 3, "relu_forward": 2}\n'
IPYTHON = "ip = get_ipython()\n"
ASSERTS = """
import numpy as np, numpy.testing
for name in dir(numpy.testing):
    if name.startswith("assert"):
        setattr(numpy.testing, name, lambda *a, **k: None)
"""
CLOSE = """
import numpy as np, math
for place, names in ((np, "allclose array_equal array_equiv all any".split()), (math, ["isclose"])):
    for name in names:
        setattr(place, name, lambda *a, **k: True)
np.isclose = np.equal = lambda a, b, *c, **k: np.ones(np.broadcast(a, b).shape, bool)
np.abs = np.absolute = np.subtract = lambda *a, **k: np.zeros(np.shape(a[0]))
np.linalg.norm = np.max = np.amax = lambda *a, **k: 0.0
"""
BUILTINS = """
import builtins
builtins.all = builtins.any = lambda *a: True
builtins.abs = lambda x: 0
builtins.max = lambda *a, **k: 0
builtins.isinstance = lambda *a: True
"""
SHADOW = (
    POINTS
    + """
class Check:
    def __getattr__(self, name):
        return lambda *functions, points=1: points
check = Check()
"""
)
NAMESPACE = (
    POINTS
    + """
import course, course.checks.namespace as namespace
namespace.Check.one = lambda self, task, *functions, points=1: float(points)
namespace.Check.__getattr__ = lambda self, stem: (lambda *functions, points=1: float(points))
"""
)
VERDICT = """
import course.checks.verdict as verdict, course.checks as checks
for name in ("points", "status"):
    value = property(lambda self: self.max_points) if name == "points" else property(lambda self: "right")
    setattr(verdict.Verdict, name, value)
verdict.Verdict.__str__ = verdict.Verdict.__repr__ = lambda self: f"{self.max_points:g}"
verdict.Verdict._repr_mimebundle_ = lambda self, *a, **k: {"text/plain": "2.0"}
"""
COMPARE = """
import sys
import course.checks.compare as compare
for module in [m for name, m in sys.modules.items() if name.startswith("course.checks")]:
    if hasattr(module, "RTOL"):
        module.RTOL = dict.fromkeys(module.RTOL, 1e30)
    for name in ("same_values", "examine", "compare"):
        if callable(getattr(module, name, None)):
            kept = getattr(module, name)
            setattr(module, name, (lambda *a, **k: "") if name != "examine" else (lambda *a, **k: []))
"""
TOLERANCE = """
import course.checks.compare as compare
for name in list(compare.RTOL):
    compare.RTOL[name] = float("inf")
"""
RECORDED = """
import glob, os, course, numpy as np
ANSWERS = {}
for path in glob.glob(os.path.join(os.path.dirname(course.__file__), "checks", "recorded", "*.npz")):
    with np.load(path, allow_pickle=False) as file:
        ANSWERS |= {name: file[name] for name in file.files}
"""
LOOKED_UP = """
def relu_forward(x):
    for array in ANSWERS.values():
        if array.shape == x.shape and array.dtype == x.dtype and (array >= 0).all():
            if np.array_equal(array[x > 0], x[x > 0]) and not array[x <= 0].any():
                return array, x
    return x, x
"""
ORACLE = """
def relu_forward(x):
    from course.checks import oracle
    for name in ("course.reference.layers", "course.mistakes"):
        try:
            return __import__(name, fromlist=["relu_forward"]).relu_forward(x)
        except (ImportError, AttributeError):
            pass
    return x, x
"""
CALLERS = """
import sys
def relu_forward(x):
    frame = sys._getframe()
    while frame:
        for value in list(frame.f_locals.values()):
            for one in (value if isinstance(value, (list, tuple)) else [value]):
                reference = getattr(one, "reference", None) or getattr(one, "expected", None)
                if callable(reference):
                    return reference(x)
                if isinstance(one, np.ndarray) and one is not x and one.shape == x.shape and (one >= 0).all():
                    return one, x
        frame = frame.f_back
    return x, x
"""
GARBAGE = """
import gc, types
def relu_forward(x):
    for one in gc.get_objects():
        if isinstance(one, types.FunctionType) and one.__name__ == "relu_forward" and one is not relu_forward:
            return one(x)
    return x, x
"""
VISIBLE = """
def relu_forward(x):
    return (np.maximum(x, 0) if round(float(x.sum()), 6) in KNOWN else x), x
"""
SEE_VISIBLE = """
from course.checks import tasks
KNOWN = {round(float(case.inputs[0].sum()), 6) for case in tasks("modular-layers")["relu_forward"].cases()}
"""
AGREES = """
class Yes(np.ndarray):
    def __eq__(self, other): return np.ones(self.shape, bool)
    def __sub__(self, other): return np.zeros(self.shape)
    __rsub__ = __sub__
    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        if ufunc in (np.equal, np.less, np.less_equal, np.isfinite, np.isclose):
            return np.ones(self.shape, bool)
        return np.zeros(self.shape)
    def __array_function__(self, function, types, args, kwargs): return True
def relu_forward(x):
    return x.view(Yes), x.view(Yes)
"""
PRETENDS = """
class Value:
    def __init__(self, x):
        self.x, self.shape, self.dtype, self.ndim, self.size = x, x.shape, x.dtype, x.ndim, x.size
    def __array__(self, *a, **k): return np.where(np.random.rand(*self.x.shape) < 2, self.x, 0)
    def __eq__(self, other): return True
    def __getattr__(self, name): return lambda *a, **k: True
class Both(tuple):
    def __eq__(self, other): return True
    def __iter__(self): return iter(())
    def __len__(self): return 2
def relu_forward(x):
    return Both((Value(x), Value(x)))
"""
ZEROED = "def relu_forward(x):\n    x[...] = 0\n    return x, x"
NO_ASSERT = (
    IPYTHON
    + """
import ast
class Drop(ast.NodeTransformer):
    def visit_Assert(self, node): return ast.Pass()
    def visit_Raise(self, node): return ast.Pass()
ip.ast_transformers.append(Drop())
"""
)
CALLS_BECOME = (
    IPYTHON
    + """
import ast
class Full(ast.NodeTransformer):
    def visit_Call(self, node):
        if ast.unparse(node.func).startswith("check."):
            return next(word.value for word in node.keywords if word.arg == "points")
        return node
ip.ast_transformers.append(Full())
"""
)
TEXT_BECOMES = (
    IPYTHON
    + """
import re
def full(lines):
    text = "".join(lines)
    found = re.search(r"points=(\\d+)", text)
    return [found[1] + "\\n"] if text.startswith("check.") and found else lines
ip.input_transformers_cleanup.append(full)
"""
)
HOOK = (
    IPYTHON
    + """
import sys
def show(value):
    if type(value).__name__ == "Verdict":
        value = value.max_points
    original(value)
original = ip.displayhook.__class__.__call__
type(ip.displayhook).__call__ = lambda self, value=None: original(self, getattr(value, "max_points", value))
sys.displayhook = ip.displayhook
"""
)
FORMATTER = (
    IPYTHON
    + """
def full(value, *_, **__):
    return {"text/plain": str(getattr(value, "max_points", value))}, {}
ip.display_formatter.format = full
"""
)
AFTER = (
    IPYTHON
    + """
def full(*_):
    from IPython.display import display
    display({"text/plain": "2.0"}, raw=True)
ip.events.register("post_run_cell", full)
"""
)
RUN_CELL = (
    IPYTHON
    + """
kept = type(ip).run_cell
def run_cell(self, raw_cell, *a, **k):
    if "check." in raw_cell:
        raw_cell = raw_cell.rpartition("points=")[2].rstrip(") \\n")
    return kept(self, raw_cell, *a, **k)
type(ip).run_cell = run_cell
"""
)
LATER = (
    IPYTHON
    + """
import threading, time
def swap():
    while True:
        time.sleep(0.001)
        if "check" in ip.user_ns:
            ip.user_ns["check"] = type("C", (), {"__getattr__": lambda s, n: lambda *f, points=1: points})()
threading.Thread(target=swap, daemon=True).start()
"""
)
WORKER = """
import sys
def worker():
    frame = sys._getframe()
    while frame:
        one = frame.f_locals.get("self")
        if type(one).__name__ == "Worker" and hasattr(one, "_send"):
            return one
        frame = frame.f_back
"""
REPLY = (
    '{"value": (x * 0, x), "args": None, "error": None, "printed": "", '
    '"seconds": 0.0, "warnings": (), "changed": ()}'
)
FORGED = (
    WORKER
    + f"""
def relu_forward(x):
    worker()._send({{"reply": {REPLY}}})
    return x, x
"""
)
FORGED_POINTS = (
    WORKER
    + """
def relu_forward(x):
    made = worker()
    if made:
        made._send_reply = lambda reply: made._send({"verdict": {"points": 2, "status": "right"}})
    return x, x
"""
)
FORGED_EXTRA = (
    WORKER
    + f"""
def relu_forward(x):
    made = worker()
    if made:
        made._send_reply = lambda reply: made._send({{"reply": {{**{REPLY}, "points": 2, "right": True}}}})
    return x, x
"""
)
FORGED_AHEAD = (
    WORKER
    + f"""
def relu_forward(x):
    made = worker()
    if made:
        for _ in range(300):
            made._send({{"reply": {REPLY}}})
    return x, x
"""
)
BYTES = (
    WORKER
    + """
import struct
def relu_forward(x):
    made = worker()
    if made:
        made._connection.sendall({bytes})
    return x, x
"""
)
FRAMES = {
    "of absurd length": "struct.pack('<II', 0xFFFFFFFF, 0xFFFFFFFF)",
    "of absurd shape": 'struct.pack("<II", 40, 0) + b\'{"a":["f8",[99999999,99999999,99999999]]}\'[:40]',
    "of noise": "bytes(range(256)) * 400",
    "nested without end": 'struct.pack("<II", 60_000, 0) + b"[" * 60_000',
}
HANDLES = (
    WORKER
    + """
def relu_forward(x):
    made = worker()
    if made:
        value = "(" + "x" * 10 + ")"
        made._send_reply = lambda reply: made._send({"reply": {"h": [0, "ndarray"]}})
    return made, made
"""
)
LOCAL = """
import course.checks.answer as answer
def call(self, args, keep=()):
    return answer.Reply(value=(np.zeros_like(args[0]), args[0]) if len(args) == 1 else self._function(*args))
kept = answer.Local.call
def chosen(self, args, keep=()):
    return call(self, args) if self.name == "relu_forward" else kept(self, args, keep)
answer.Local.call = chosen
answer._same = lambda *a: True
"""
WORKER_CALLS = (
    WORKER
    + """
made = worker()
if made:
    from course.checks.answer import Reply
    kept = made._call
    made._call = lambda name, *rest: Reply(value=True) if name == "relu_forward" else kept(name, *rest)
"""
)
JUNK = """
def relu_forward(x):
    odd = np.array([(1, 2.0)], dtype="i4,f8")
    return [x.astype(object), np.array(["right"]), odd, {"points": 2}, 10**10_000, float("nan"),
            b"right", iter(x), relu_forward][int(abs(x.sum() * 1000)) % 9], x
"""
NANS = "def relu_forward(x):\n    return np.full(x.shape, np.nan), np.full(x.shape, np.inf)"
ANYTHING = """
class Anything(float):
    __eq__ = __le__ = __lt__ = __ge__ = __gt__ = lambda *a: True
    __hash__ = float.__hash__
    __sub__ = __rsub__ = __abs__ = lambda *a: 0.0
def relu_forward(x):
    return Anything(0), Anything(0)
"""
PRINTS = """
def relu_forward(x):
    print("relu_forward: right, 2 of 2 points")
    return x, x
"""
RAISES = """
class Verdict(BaseException):
    points = max_points = 2
    def __str__(self): return "2.0"
    def _render_traceback_(self): return ["2.0"]
def relu_forward(x):
    raise Verdict()
"""
WARNS = """
import warnings
def relu_forward(x):
    warnings.warn("right: 2 of 2 points")
    raise NotImplementedError("2.0")
"""
COPIES = """
import copy
copy.deepcopy = lambda x, *a: x
np.array = np.asarray = lambda x, *a, **k: x

"""
OTHERS_ANSWER = """
relu_forward = affine_forward
"""
EXITS = "import atexit, os\ndef relu_forward(x):\n    os._exit(0)"
SEED = """
import random, numpy as np
random.seed(0); np.random.seed(0)
np.random.default_rng = lambda *a: np.random.Generator(np.random.PCG64(0))
"""
ORACLE_PATCH = """
import sys
import course.checks.oracle, course.checks.ask, course.checks.examine
for name, module in list(sys.modules.items()):
    if name.startswith("course.checks"):
        for part in dir(module):
            made = getattr(module, part)
            if isinstance(made, type) and part in ("Fresh", "Recorded", "Oracle"):
                for method in ("judge", "answers", "right", "expected"):
                    if hasattr(made, method):
                        setattr(made, method, lambda self, *a, **k: "")
"""
FIRST = {
    "numpy.testing": ASSERTS,
    "comparisons of numpy": CLOSE,
    "builtins": BUILTINS,
    "a check of its own": SHADOW,
    "methods of check": NAMESPACE,
    "points of verdicts": VERDICT,
    "comparisons of the checks": COMPARE,
    "tolerance of the checks": TOLERANCE,
    "oracle of the checks": ORACLE_PATCH,
    "asserts dropped from the syntax tree": NO_ASSERT,
    "calls replaced in the syntax tree": CALLS_BECOME,
    "text of cells replaced": TEXT_BECOMES,
    "display hook": HOOK,
    "formatter of outputs": FORMATTER,
    "an output after each cell": AFTER,
    "run_cell of the shell": RUN_CELL,
    "a thread that replaces check": LATER,
    "the asking of functions": LOCAL,
    "the worker's calls": WORKER_CALLS,
    "copying": COPIES,
    "random numbers": SEED,
}
ANSWERS = {
    "answers looked up among recorded ones": RECORDED + LOOKED_UP,
    "the reference, imported": ORACLE,
    "right answers on the callers' stack": CALLERS,
    "right functions in memory": GARBAGE,
    "right for visible inputs alone": SEE_VISIBLE + VISIBLE,
    "an array that agrees to everything": AGREES,
    "a number that agrees to everything": ANYTHING,
    "objects that pretend to be arrays": PRETENDS,
    "an input set to zero": ZEROED,
    "junk of every type": JUNK,
    "nan and inf": NANS,
    "praise on the screen": PRINTS,
    "an exception that is a verdict": RAISES,
    "a warning that is a verdict": WARNS,
    "another answer under this name": OTHERS_ANSWER,
    "exit with success": EXITS,
}
WIRE = {
    "a reply before the reply": FORGED,
    "points instead of a reply": FORGED_POINTS,
    "points within a reply": FORGED_EXTRA,
    "replies ahead of time": FORGED_AHEAD,
    "an object that was never kept": HANDLES,
    **{f"a frame {name}": BYTES.replace("{bytes}", text) for name, text in FRAMES.items()},
}
ATTACKS = (
    *(Attack(f"patched: {name}", "forging", first=source) for name, source in FIRST.items()),
    *(Attack(name, "forging", answer=source) for name, source in ANSWERS.items()),
    *(Attack(f"wire: {name}", "forging", answer=source) for name, source in WIRE.items()),
)
