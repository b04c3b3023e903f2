"""Two submissions at the same time that try to see, stop or tell each other something."""

from benchmarks.attacks.attack import Attack

BOTH = """
import os, time
me = os.urandom(8).hex()
until = time.monotonic() + 1.2
"""
BY_FILES = (
    BOTH
    + """
places = ["/tmp", "/var/tmp", "/dev/shm", "/run/lock", os.getcwd(), os.path.expanduser("~")]
while time.monotonic() < until:
    for place in places:
        try:
            with open(os.path.join(place, BAIT["mark"] + me), "w") as file:
                file.write(me)
        except OSError:
            pass
        try:
            names = [n for n in os.listdir(place) if n.startswith(BAIT["mark"]) and not n.endswith(me)]
        except OSError:
            continue
        if names:
            reached("a file of the other one in " + place)
    time.sleep(0.05)
"""
)
BY_SOCKETS = (
    BOTH
    + """
import socket
held = []
while time.monotonic() < until:
    for number in range(4):
        name = "\\0" + BAIT["mark"] + "both%d" % number
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as tried:
                tried.connect(name)
                if name not in held:
                    reached("a socket of the other one")
        except OSError:
            pass
        try:
            made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            made.bind(name)
            made.listen()
            held += [made, name]
        except OSError:
            pass
    time.sleep(0.05)
"""
)
BY_SYSTEM_V = (
    BOTH
    + """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
key = 0x5EED
while time.monotonic() < until:
    for ask, size in ((libc.shmget, [4096]), (libc.semget, [1]), (libc.msgget, [])):
        if ask(key, *size, 0) >= 0 or ask(key, *size, 0o1666) >= 0:
            reached("memory that both share")
    if libc.mq_open(b"/attack-mark", 0o102, 0o666, None) >= 0:
        reached("a queue")
    time.sleep(0.05)
"""
)
BY_PROCESSES = (
    BOTH
    + """
import signal
family = {os.getpid(), os.getppid(), 1}
while time.monotonic() < until:
    for pid in [*range(2, 40), *range(os.getpid() - 300, os.getpid() + 300)]:
        if pid in family or pid < 2:
            continue
        try:
            os.kill(pid, 0)
            reached("process %d" % pid)
            os.kill(pid, signal.SIGKILL)
        except OSError:
            pass
        try:
            with open("/proc/%d/environ" % pid, "rb") as file:
                if file.read():
                    reached("environment of %d" % pid)
        except OSError:
            pass
    time.sleep(0.05)
"""
)
BY_LOCKS = (
    BOTH
    + """
import fcntl, struct, numpy, course
held = [open(module.__file__) for module in (os, time, numpy, course) if hasattr(module, "__file__")]
def is_locked(file):
    try:
        asked = struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 0, 0)
        if struct.unpack("hhqqi4x", fcntl.fcntl(file, fcntl.F_GETLK, asked))[0] != fcntl.F_UNLCK:
            return True
    except OSError:
        pass
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        pass
    return False
for file in held:
    try:
        fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        pass
while time.monotonic() < until:
    for file in held:
        if is_locked(file):
            reached("a lock of the other one on " + file.name)
    time.sleep(0.05)
"""
)
BY_LEASES = (
    BOTH
    + """
import ctypes, numpy
libc = ctypes.CDLL(None, use_errno=True)
watch = libc.inotify_init1(0o4000)
held = ctypes.create_string_buffer(4096)
if watch >= 0:
    for folder in ("/", "/tmp", BAIT["folder"]):
        libc.inotify_add_watch(watch, folder.encode(), 0xFFF)
    while time.monotonic() < until:
        try:
            with open(os.path.join("/tmp", me), "w") as file:
                os.unlink(file.name)
        except OSError:
            pass
        if me.encode() not in held.raw and libc.read(watch, held, 4096) > 0:
            names = [part for part in held.raw.split(b"\\0") if len(part) == 16 and part != me.encode()]
            if names:
                reached("a file of the other one is made")
        time.sleep(0.05)
"""
)
KILLS_ALL = """
import os, signal, time
time.sleep(0.3)
try:
    os.kill(-1, signal.SIGKILL)
except OSError:
    pass
"""
SOURCES = {
    "by files": BY_FILES,
    "by sockets": BY_SOCKETS,
    "by shared memory, semaphores and queues": BY_SYSTEM_V,
    "by processes": BY_PROCESSES,
    "by locks on files that both read": BY_LOCKS,
    "by watching folders": BY_LEASES,
    "by killing all": KILLS_ALL,
}
ATTACKS = tuple(Attack(f"two at once {name}", "seeing", first=s, twice=True) for name, s in SOURCES.items())
