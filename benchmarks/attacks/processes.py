"""Submissions that do not come to an end, end too early, take too much, or reach for other processes."""

from benchmarks.attacks.attack import Attack

DEAF = """
import signal
for number in set(range(1, 65)) - {9, 19, 32, 33}:
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
"""
EVERYBODY = """
import os, signal
for pid in BAIT["pids"] + [os.getppid()]:
    for number in ({signals}):
        try:
            os.kill(pid, number)
        except (OSError, ProcessLookupError):
            pass
"""
TRACE = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
for pid in BAIT["pids"] + [os.getppid()]:
    for request in (16, 0x4206):  # attach, seize
        if libc.ptrace(request, pid, None, None) == 0:
            reached("traces %d" % pid)
"""
MEMORY_OF_OTHERS = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
class Piece(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]
held = ctypes.create_string_buffer(64)
mine = Piece(ctypes.addressof(held), 64)
for pid in BAIT["pids"] + [os.getppid()]:
    theirs = Piece(0x400000, 64)
    if libc.process_vm_readv(pid, ctypes.byref(mine), 1, ctypes.byref(theirs), 1, 0) > 0:
        reached("memory of %d" % pid)
    if libc.process_vm_writev(pid, ctypes.byref(mine), 1, ctypes.byref(theirs), 1, 0) > 0:
        reached("memory of %d, to write" % pid)
"""
PRIVILEGES = """
import ctypes, os, resource
libc = ctypes.CDLL(None, use_errno=True)
for flag in (0x10000000, 0x20000, 0x20000000, 0x40000000, 0x08000000, 0x04000000, 0x02000000):
    if libc.unshare(flag) == 0:
        reached("unshare %x" % flag)
for change in (os.setuid, os.setgid, os.seteuid):
    try:
        change(0)
        reached("%s 0" % change.__name__)
    except OSError:
        pass
for limit in (resource.RLIMIT_AS, resource.RLIMIT_NPROC, resource.RLIMIT_NOFILE, resource.RLIMIT_CPU):
    soft, hard = resource.getrlimit(limit)
    try:
        resource.setrlimit(limit, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        reached("limit %d" % limit)
    except (OSError, ValueError):
        pass
for pid in BAIT["pids"]:
    try:
        resource.prlimit(pid, resource.RLIMIT_CPU, (1, 1))
        reached("limits of %d" % pid)
    except (OSError, ValueError):
        pass
    for change in (lambda: os.setpriority(os.PRIO_PROCESS, pid, 19), lambda: os.sched_setaffinity(pid, {0})):
        try:
            change()
            reached("priority of %d" % pid)
        except OSError:
            pass
"""
OWN_FILTER = """
import ctypes, struct
libc = ctypes.CDLL(None, use_errno=True)
allow = ctypes.create_string_buffer(struct.pack("=HBBI", 6, 0, 0, 0x7FFF0000))
header = ctypes.create_string_buffer(struct.pack("@HP", 1, ctypes.addressof(allow)))
if libc.prctl(22, ctypes.c_ulong(2), header, 0, 0) == 0 or libc.syscall(317, 1, 0, header) == 0:
    reached("own filter")
"""
DAEMON = """
import os, sys, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for descriptor in range(256):
            try:
                os.close(descriptor)
            except OSError:
                pass
        while True:
            time.sleep(1)
    os._exit(0)
"""
PROGRAM_LEFT = """
import subprocess
subprocess.Popen(["sleep", "600"], start_new_session=True)
"""
THREAD_BOMB = """
import threading, time
held = []
try:
    while len(held) < 20_000:
        held.append(threading.Thread(target=time.sleep, args=(30,), daemon=True))
        held[-1].start()
except RuntimeError:
    pass
"""
FORK_BOMB = """
import os
while True:
    try:
        os.fork()
    except PermissionError:
        break
    except OSError:
        pass
"""
MANY_LARGE = """
import os, time
for _ in range(20):
    if os.fork() == 0:
        x = bytearray(300 << 20)
        x[::4096] = b"x" * len(x[::4096])
        time.sleep(30)
        os._exit(0)
time.sleep(1.5)
"""
DEEP = """
import sys
sys.setrecursionlimit(10**9)
def down(n):
    return eval("down(n + 1)") + max(n, n, key=lambda _: down(n + 1))
down(0)
"""
CLOSES = """
import os
for descriptor in range(256):
    try:
        os.close(descriptor)
    except OSError:
        pass
"""
SPAMS = """
import os
for descriptor in range(3, 256):
    for _ in range(100):
        try:
            os.set_blocking(descriptor, False)
            os.write(descriptor, b"exit 0\\nmemory\\nbroken by me\\n{}" * 500)
        except OSError:
            break
"""
BAD_ANSWER = "def relu_forward(x):\n    "
TOP = {
    "endless loop": "while True:\n    pass",
    "endless loop in a thread": "import threading\n"
    "def spin():\n    while True:\n        pass\nthreading.Thread(target=spin).start()",
    "endless loop in C": "9 ** 9 ** 9 % 7",
    "every signal ignored, every exception caught": DEAF,
    "sys.exit": "import sys\nsys.exit(0)",
    "os._exit": "import os\nos._exit(0)",
    "abort": "import os\nos.abort()",
    "segfault": "import ctypes\nctypes.string_at(0)",
    "recursion on the C stack": DEEP,
    "100 MB in one line": "print('x' * 100_000_000)",
    "a million lines": "for n in range(1_000_000):\n    print(n, 'x' * 80)",
    "a display of 100 MB": "from IPython.display import HTML, display\ndisplay(HTML('<p>' * 30_000_000))",
    "an array of 50 GB": "import numpy as np\nx = np.ones(50 << 27)\nx += 1",
    "a list that grows for ever": "x = [0]\nwhile True:\n    x += x",
    "much memory in many processes": MANY_LARGE,
    "fork bomb": FORK_BOMB,
    "thread bomb": THREAD_BOMB,
    "daemon left behind": DAEMON,
    "program left behind": PROGRAM_LEFT,
    "input": "input('points? ')",
    "stops itself": "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)",
    "kills its parent": "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)",
    "kills every process": "import os, signal\nos.kill(-1, signal.SIGKILL)",
    "kills the grader and a bystander": EVERYBODY.format(signals="signal.SIGKILL,"),
    "stops the grader and a bystander": EVERYBODY.format(signals="signal.SIGSTOP, signal.SIGTSTP"),
    "traces others": TRACE,
    "memory of others": MEMORY_OF_OTHERS,
    "other users, limits and namespaces": PRIVILEGES,
    "own filter of system calls": OWN_FILTER,
    "closes all its descriptors": CLOSES,
    "writes to all its descriptors": SPAMS,
}
IN_ANSWER = {
    "syntax error": "def relu_forward(x:\n    return",
    "endless loop when asked": BAD_ANSWER + "while True:\n        pass",
    "os._exit when asked": BAD_ANSWER + "import os\n    os._exit(0)",
    "segfault when asked": BAD_ANSWER + "import ctypes\n    ctypes.string_at(0)",
    "SystemExit when asked": BAD_ANSWER + "raise SystemExit(0)",
    "an array of 50 GB when asked": BAD_ANSWER + "return np.ones(50 << 27), x",
    "an array of 300 MB returned": BAD_ANSWER + "return np.ones(300 << 17), x",
}
ATTACKS = (
    *(Attack(name, "processes", first=source) for name, source in TOP.items()),
    *(Attack(name, "processes", answer=source) for name, source in IN_ANSWER.items()),
)
