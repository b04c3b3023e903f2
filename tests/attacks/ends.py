"""Ends of a student's process, and ways of not ending: the other points must stay, with a reason."""

from tests.attacks.attack import ALL, Attack


def at_top(name, source, worth=ALL, **options):
    return Attack(name, "end", source, right=True, worth=worth, after="test-affine_forward", **options)


def in_call(name, body, **options):
    answers = {"relu_forward": f"def relu_forward(x):\n    {body}"}
    return Attack(name, "end", answers=answers, right=True, worth=6.0, **options)


NEVER = "import signal\nfor s in set(signal.Signals) - {9, 19}: signal.signal(s, signal.SIG_IGN)\n"
DEAF = "while True:\n    try:\n        while True: sum(range(9))\n    except BaseException: pass"
IN_C = "import re\nre.match('(a+)+b', 'a' * 40)"
STACK = "import sys\nsys.setrecursionlimit(10**8)\ndef deep(n): return deep(n + 1)\nclass D(dict): pass\n"
CUT = ("output cut",)
STOPPED = ("stopped", "did not answer")
ENDED = ("the process ended", "the process was killed", "closed its connection")

ENDS = [
    in_call("a syntax error", ")", says=("",)),
    in_call("an endless loop in a function", "while True: pass", says=STOPPED),
    in_call("an endless loop in C in a function", IN_C.replace("\n", "; "), says=STOPPED),
    in_call("a function that swallows every interrupt", DEAF.replace("\n", "\n    "), says=STOPPED),
    in_call("os._exit in a function", "import os; os._exit(0)", says=ENDED),
    in_call("sys.exit in a function", "import sys; sys.exit(0)", says=("",)),
    in_call("a segfault in a function", "import ctypes; ctypes.string_at(0)", says=ENDED),
    in_call("a huge value returned", "return 'x' * 10**8, [0] * 10**6", says=("",)),
    in_call("input() in a function", "return input(), x", says=("",)),
    at_top("an endless loop at top level", "while True: pass", says=STOPPED),
    at_top("an endless loop with every signal ignored", NEVER + DEAF, says=STOPPED),
    at_top("a long sleep with every signal ignored", NEVER + "import time\ntime.sleep(1000)", says=STOPPED),
    at_top("an endless loop in C", IN_C, says=STOPPED),
    at_top("sys.exit", "import sys\nsys.exit(0)"),
    at_top("os._exit", "import os\nos._exit(0)", says=ENDED),
    at_top("a segfault", "import ctypes\nctypes.string_at(0)", says=ENDED),
    at_top("recursion until the stack of C ends", STACK + "deep(0)", says=("",)),
    at_top("100 MB printed in one line", "print('x' * 10**8)"),
    at_top("100 MB printed in a million lines", "for _ in range(10**6): print('x' * 99)", says=("",)),
    at_top("100 MB written below Python", "import os\nfor _ in range(1600): os.write(1, b'x' * 2**16)"),
    at_top("input()", "input()"),
    at_top("SIGSTOP of itself", "import os\nos.kill(os.getpid(), 19)", says=STOPPED),
    at_top("SIGKILL of itself", "import os\nos.kill(os.getpid(), 9)", says=ENDED),
    at_top("the connection closed", "import os\nos.closerange(3, 99)", says=ENDED),
    at_top("noise on the connection", "import gc, socket\nfor s in gc.get_objects():\n"
           "    if isinstance(s, socket.socket): s.sendall(bytes(range(256)) * 99)", says=("not an answer", "did not answer")),
    at_top("an endless frame on the connection", "import gc, socket\nfor s in gc.get_objects():\n"
           "    if isinstance(s, socket.socket):\n        while True: s.sendall(b'\\xff' * 2**20)", says=("not an answer", "did not answer", "stopped")),
    at_top("an exception without a text", "class E(Exception):\n    def __str__(self): return 1 / 0\nraise E"),
]  # fmt: skip
