"""Submissions that look for what the grader knows: files, its memory, its environment, its seed."""

from benchmarks.attacks.attack import WRONG, Attack

FILES = """
import os
def show(path):
    try:
        with open(path, errors="replace") as file:
            print(path, file.read(2_000))
    except OSError:
        pass
for folder, inner, names in os.walk(BAIT["folder"]):
    for name in names:
        show(os.path.join(folder, name))
for name in ("canary.txt", "solution.py", "gradebook.db", "submitted/other/notebook.ipynb"):
    show(os.path.join(BAIT["folder"], name))
for pid in ["self", "1"] + BAIT["pids"] + [os.getppid()]:
    show("/proc/%s/root%s" % (pid, BAIT["canary"]))
try:
    os.symlink(BAIT["canary"], "link")
    show("link")
except OSError:
    pass
"""
SOURCE = """
import os, sys, site
course = os.path.dirname(BAIT["folder"])
for place in (course, course + "/modular-layers", course + "/modular-layers/source/modular-layers"):
    try:
        names = os.listdir(place)
        reached("%s: %s" % (place, names))
    except OSError:
        pass
for name in ("course.mistakes", "course.lessons", "autograder", "benchmarks", "tests"):
    try:
        __import__(name)
        reached("import " + name)
    except ImportError:
        pass
try:
    from course.reference.layers import relu_forward as theirs
    reached("the reference")
except ImportError:
    pass
"""
PROCESSES = """
import os
for pid in ["self"] + BAIT["pids"] + [os.getppid(), 1] + [n for n in os.listdir("/proc") if n.isdigit()]:
    for name in ("environ", "cmdline", "maps", "mem", "stack", "auxv"):
        try:
            with open("/proc/%s/%s" % (pid, name), "rb") as file:
                text = file.read(100_000)
        except (OSError, ValueError):
            continue
        if b"TOKEN" in text or b"benchmarks.attacks" in text:
            print(pid, name, text[:50_000])
            reached("%s of %s" % (name, pid))
        if pid in BAIT["pids"] and text:
            reached("%s of process %s" % (name, pid))
"""
LISTING = """
import os
pids = [n for n in os.listdir("/proc") if n.isdigit()]
if len(pids) > 20 or any(str(pid) in pids for pid in BAIT["pids"] if pid > 50):
    reached("a list of the machine's processes")
"""
EXISTS = """
import os
try:
    if os.stat(BAIT["gradebook"]).st_size:
        reached("that there is a gradebook, and its size")
except OSError:
    pass
"""
PARENTS_MEMORY = """
import os, re
print(dict(os.environ))
wanted = re.compile(rb"GRADER_TOKEN=[0-9a-f]{32}")
with open("/proc/self/maps") as file:
    lines = file.read().splitlines()
with open("/proc/self/mem", "rb", 0) as memory:
    for line in lines:
        place, mode = line.split()[:2]
        begin, end = (int(part, 16) for part in place.split("-"))
        if "r" in mode and end - begin < 1 << 26 and "[v" not in line:
            try:
                memory.seek(begin)
                text = memory.read(end - begin)
            except (OSError, ValueError, OverflowError):
                continue
            found = wanted.search(text)
            if found:
                reached("the grader's environment, in memory: " + found[0].decode())
"""
ALL_OBJECTS = """
import gc, sys, types
seen = [o for o in gc.get_objects() if isinstance(o, types.FunctionType) and o.__module__]
teachers = ("autograder", "course.mistakes", "benchmarks", "nbgrader", "sqlalchemy")
theirs = {o.__module__ for o in seen if o.__module__.startswith(teachers)}
if theirs:
    reached(theirs)
for module in list(sys.modules.values()):
    if getattr(module, "__name__", "").startswith(teachers):
        reached(module.__name__)
"""
DESCRIPTORS = """
import os
for number in range(256):
    try:
        target = os.readlink("/proc/self/fd/%d" % number)
    except OSError:
        continue
    if not target.startswith(("socket:", "/dev/null", "pipe:", "/proc")) and not target.endswith(".ttf"):
        reached("descriptor %d: %s" % (number, target))
"""
REMEMBERS = "SEEN = []\ndef relu_forward(x):\n    SEEN.append(x.copy())\n    print(x)\n    return x, x"
TELLS = """
import sys
numbers = [repr(float(n)) for x in SEEN for n in x.flat]
print(len(SEEN), numbers)
print(numbers, file=sys.stderr)
"""
TELLS_LATER = """
import threading, time, sys
def tell():
    for _ in range(100):
        time.sleep(0.02)
        print([repr(float(n)) for x in SEEN for n in x.flat])
        sys.stderr.write(str([repr(float(n)) for x in SEEN for n in x.flat]))
threading.Thread(target=tell, daemon=True).start()
"""
RAISES = 'def relu_forward(x):\n    raise ValueError(" ".join(repr(float(n)) for n in x.flat))'
AS_VALUE = 'def relu_forward(x):\n    return " ".join(repr(float(n)) for n in x.flat), x'
GUESSES = """
import random, numpy as np
print(random.getstate()[1][:3], np.random.get_state()[1][:3])
"""
NO_STAT = (
    "Landlock does not deny asking whether a file is there, how large and how old it is; nothing can be read"
)
SOURCES = {
    "files of the grader's": FILES,
    "source, release and modules of the teacher's": SOURCE,
    "/proc of others": PROCESSES,
    "a list of all processes": LISTING,
    "memory and environment that came from the parent": PARENTS_MEMORY,
    "all objects and modules in memory": ALL_OBJECTS,
    "descriptors that were inherited": DESCRIPTORS,
}
ATTACKS = (
    *(Attack(name, "reading", first=source) for name, source in SOURCES.items()),
    Attack("is there a gradebook?", "reading", first=EXISTS, limited={"B": NO_STAT}),
    Attack("hidden inputs, shown by the last cell", "reading", answer=REMEMBERS, last=TELLS),
    Attack("hidden inputs, shown by a thread", "reading", answer=REMEMBERS, last=TELLS_LATER),
    Attack("hidden inputs, told by an error", "reading", answer=RAISES),
    Attack("hidden inputs, returned as text", "reading", answer=AS_VALUE),
    Attack("random states", "reading", first=GUESSES, answer=WRONG),
)
