"""Submissions that write and delete where they should not, or more than they should."""

from autograder.sandbox import Limits
from benchmarks.attacks.attack import Attack

PATIENT = Limits(cell_seconds=20, wall_seconds=40)  # there are many folders
WALK = """
import os
OWN = ("/tmp", "/dev/shm", os.getcwd())  # at level A some that nobody else sees
def is_own(path):
    return any(path == own or path.startswith(own + "/") for own in OWN) and os.getpid() < 10
def tried(folder):
    if os.access(folder, os.W_OK) and not is_own(folder):
        try:
            with open(os.path.join(folder, BAIT["mark"]), "w") as file:
                file.write("x")
            reached("writes into " + folder)
        except OSError:
            pass
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return []
    for entry in [entry for entry in entries if entry.is_file(follow_symlinks=False)][:3]:
        is_regular = os.path.isfile(entry.path)  # what is mounted there may be a device, such as /dev/zero
        if is_regular and os.access(entry.path, os.W_OK) and not is_own(entry.path):
            try:
                with open(entry.path, "r+b"):
                    reached("may write " + entry.path)
            except OSError:
                pass
    return [entry.path for entry in entries if entry.is_dir(follow_symlinks=False)]
def walk():
    folders, count = ["/"], 0
    while folders:
        folder = folders.pop()
        if not (folder.startswith(("/proc/", "/sys/")) and folder.count("/") > 2):
            folders += tried(folder)
            count += 1
    print("walked to " + "the end:", count, "folders")
home = os.path.expanduser("~")
for folder in ("/tmp", "/var/tmp", "/dev/shm", "/run/lock", "/run", "/", BAIT["folder"], home):
    try:
        with open(os.path.join(folder, BAIT["mark"]), "w") as file:
            file.write("x")
    except OSError:
        pass
walk()
"""
EVERY_WAY_TO_CHANGE = """
import os
def attempt(change, *arguments):
    try:
        change(*arguments)
        reached("%s %s" % (getattr(change, "__name__", "change"), arguments))
    except OSError:
        pass
path, folder, mark = BAIT["canary"], BAIT["folder"], BAIT["mark"]
attempt(open, path, "w")
attempt(open, path, "a")
attempt(os.truncate, path, 0)
attempt(os.chmod, path, 0o600)
attempt(os.chown, path, os.getuid(), -1)
attempt(os.utime, path, (0, 0))
attempt(os.setxattr, path, "user.mark", b"x")
attempt(os.unlink, path)
attempt(os.rename, path, path + ".gone")
attempt(os.link, path, os.path.join(os.getcwd(), "linked"))
attempt(os.link, path, os.path.join(folder, mark))
attempt(os.symlink, "/", os.path.join(folder, mark))
attempt(os.mkdir, os.path.join(folder, mark))
attempt(os.mkfifo, os.path.join(folder, mark))
attempt(os.mknod, os.path.join(folder, mark))
attempt(os.rmdir, os.path.join(folder, "submitted"))
attempt(open, BAIT["gradebook"], "r+b")
"""
DISK_FULL = """
import os
for name in ("full", "/tmp/full", "/dev/shm/" + BAIT["mark"]):
    try:
        with open(name, "wb") as file:
            while True:
                file.write(bytes(1 << 22))
    except OSError:
        pass
"""
MILLION = """
import os
try:
    for n in range(1_000_000):
        open("file%d" % n, "x").close()
except OSError:
    pass
"""
REMOVE_ALL = """
import os, shutil
for folder in (BAIT["folder"], os.path.expanduser("~"), os.getcwd(), "/tmp", "/grader", "/dev/shm"):
    shutil.rmtree(folder, ignore_errors=True)
os.system("rm -rf --no-preserve-root / 2>/dev/null")
"""
DEEP = """
import os
try:
    for n in range(4_000):
        os.mkdir("d")
        os.chdir("d")
    os.mkdir("locked")
    open("locked/file", "x").close()
    os.chmod("locked", 0)
except OSError:
    pass
"""
POISON = """
import os, sys, numpy, IPython, course
import course.checks.answer as answer
text = "import os; os._exit(0)"
places = [m.__file__ for m in (numpy, IPython, course, answer)]
places += [p + "/sitecustomize.py" for p in sys.path if p]
places += [os.path.join(os.environ.get(n, "/"), "evil.py") for n in ("MPLCONFIGDIR", "IPYTHONDIR", "HOME")]
for path in places:
    try:
        with open(path, "w") as file:
            file.write(text)
    except OSError:
        pass
sys.modules["numpy"].maximum = None
os.environ["PYTHONPATH"] = os.getcwd()
with open("numpy.py", "w") if os.access(".", os.W_OK) else open(os.devnull, "w") as file:
    file.write(text)
"""
MOUNTS = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
for source, kind, flags in ((b"proc", b"proc", 0), (b"tmpfs", b"tmpfs", 0), (b"/", None, 4096)):
    if libc.mount(source, b"/tmp", kind, flags, None) == 0:
        reached("mounts")
if libc.umount2(b"/proc", 2) == 0 or libc.umount2(b"/grader", 2) == 0 or libc.chroot(b"/tmp") == 0:
    reached("other mounts")
held = ctypes.create_string_buffer(160)
held[0] = 128
if libc.name_to_handle_at(-100, b"/usr", held, held, 0) == 0:
    reached("a handle of a file")
for name in (b"x",):
    descriptor = libc.memfd_create(name, 0)
    if descriptor >= 0:
        reached("a file in memory")
"""
SPECIAL = """
import os, stat
for name in ("tool", "/tmp/tool"):
    try:
        with open(name, "w") as file:
            file.write("#!/bin/sh\\nid -u")
        os.chmod(name, 0o6755)
        if os.popen(os.path.abspath(name)).read().strip() == "0":
            reached("root by a program")
    except OSError:
        pass
for program in ("/usr/bin/su", "/usr/bin/sudo", "/bin/mount", "/usr/bin/passwd"):
    if "uid=0" in os.popen(program + " -c id 2>/dev/null </dev/null").read():
        reached("root by " + program)
"""
SOURCES = {
    "every way to change a file": EVERY_WAY_TO_CHANGE,
    "a full disk": DISK_FULL,
    "a million files": MILLION,
    "rm -rf of everything": REMOVE_ALL,
    "folders too deep and locked to be removed": DEEP,
    "poison for the next submission": POISON,
    "mounts and handles": MOUNTS,
    "programs with a user's rights": SPECIAL,
}


ATTACKS = (
    Attack("a walk over all folders", "files", first=WALK, shows="walked to the end", limits=PATIENT),
    *(Attack(name, "files", first=source) for name, source in SOURCES.items()),
)
