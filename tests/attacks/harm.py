"""Harm to files, processes, network, memory; each beside right answers, which must keep their points."""

from tests.attacks.attack import harm

CALL = """
import ctypes, platform
libc = ctypes.CDLL(None, use_errno=True)
ARM = platform.machine() == 'aarch64'
def call(x86, arm, *args): return libc.syscall(arm if ARM else x86, *args)
"""
TRY = """
def tried(*ways):
    for way in ways:
        try: print(way())
        except BaseException as error: print(type(error).__name__)
"""
WALK = """
import os
for top, folders, names in os.walk('/'):
    folders[:] = [each for each in folders if os.path.join(top, each) not in ('/usr', '/proc', '/sys')]
    for name in names:
        try:
            with open(os.path.join(top, name), 'rb') as file: data = file.read(10000)
        except OSError: continue
        if b'TOKEN' in data: print(data)
"""
WRITABLE = """
import os, tempfile
allowed = [each for each in (tempfile.gettempdir(), '/tmp', '/dev/shm', os.getcwd()) if os.path.isdir('/grader')]
for top, folders, names in os.walk('/'):
    folders[:] = [each for each in folders if os.path.join(top, each) not in ('/proc', '/sys', '/usr/share')]
    if any(top == each or top.startswith(each + '/') for each in allowed): continue
    path = os.path.join(top, 'mine')
    try:
        with open(path, 'x'): print('LEARNED', path)
    except OSError: pass
    for name in names[:3]:
        try:
            with open(os.path.join(top, name), 'ab'): pass
        except OSError: continue
        if not top.startswith('/dev'): print('LEARNED', top, name)
"""
PARENTS = """
import glob, os
for path in glob.glob('/proc/[0-9]*'):
    for name in ('environ', 'cmdline', 'maps', 'fd', 'cwd', 'root/etc/hostname', 'mem'):
        try:
            full = os.path.join(path, name)
            data = os.listdir(full) if name == 'fd' else open(full, 'rb').read(100000)
        except OSError: continue
        if b'TOKEN' in (data if isinstance(data, bytes) else b''): print(data)
for pid in PIDS:
    if os.path.exists(f'/proc/{pid}/environ'):
        try: open(f'/proc/{pid}/environ').read(); print('LEARNED' if b'SLEEPER' in open(f'/proc/{pid}/cmdline', 'rb').read() else '')
        except OSError: pass
"""
SOCKETS = """
import socket
def sent(family, kind, address):
    with socket.socket(family, kind) as tried:
        tried.settimeout(0.2)
        if kind == socket.SOCK_DGRAM: tried.sendto(b'x', address)
        else: tried.connect(address)
    return 'LEARNED'
for family, kind, address in (
    (socket.AF_INET, socket.SOCK_STREAM, ('127.0.0.1', PORT)),
    (socket.AF_INET, socket.SOCK_DGRAM, ('127.0.0.1', UDP)),
    (socket.AF_INET6, socket.SOCK_STREAM, ('::1', PORT)),
    (socket.AF_UNIX, socket.SOCK_STREAM, '\\0ABSTRACT'),
    (socket.AF_UNIX, socket.SOCK_STREAM, 'STREAM'),
    (socket.AF_UNIX, socket.SOCK_DGRAM, 'LETTERS'),
    (17, 3, ('lo', 0)), (16, 3, (0, 0)), (40, 1, (2, PORT)), (38, 5, ('hash', 'sha256')),
):
    try: print(sent(family, kind, address))
    except Exception as error: print(type(error).__name__)
"""
LETTER = """
import socket
one, two = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
for address in ('LETTERS', '\\0ABSTRACT'):
    for way in (lambda: one.sendto(b'x', address), lambda: one.sendmsg([b'x'], [], 0, address)):
        try: way(); print('sent')
        except OSError as error: print(error)
"""
POISON = """
import os, sys
for folder in {os.path.dirname(sys.modules['course'].__file__), os.path.dirname(sys.modules['sandbox'].__file__),
               os.path.dirname(sys.modules['numpy'].__file__), os.path.dirname(os.__file__)}:
    for name in ('__init__.py', 'worker.py', 'magics.py', 'mine.py', '__pycache__/mine.pyc'):
        try:
            with open(os.path.join(folder, name), 'w') as file: file.write('raise SystemExit'); print('LEARNED')
        except OSError: pass
sys.modules['numpy'].zeros = None
import numpy as np
del np.zeros
"""
DELETE = """
import os, shutil
for place in ('FOLDER', os.path.expanduser('~'), '/tmp', os.getcwd(), '/'):
    shutil.rmtree(place, ignore_errors=True)
    os.system(f'rm -rf {place} 2>/dev/null')
"""

HARM = [
    harm("rm -rf of everything", DELETE),
    harm(
        "files outside written and renamed",
        TRY + "import os\ntried(lambda: open('FOLDER/open', 'w').write('mine'), lambda: os.rename('FOLDER/open', 'FOLDER/x'),\n"
        "      lambda: os.truncate('FOLDER/open', 0), lambda: os.mkdir('FOLDER/new'), lambda: os.unlink('FOLDER/open'),\n"
        "      lambda: os.symlink('/', 'FOLDER/link'), lambda: os.link('FOLDER/open', 'FOLDER/hard'))",
    ),
    harm(
        "modes, owners, dates and marks of files changed",
        TRY + "import os\ntried(lambda: os.chmod('FOLDER/open', 0), lambda: os.chmod('FOLDER', 0o700),\n"
        "      lambda: os.utime('FOLDER/open', (1, 1)), lambda: os.chown('FOLDER/open', os.getuid(), -1),\n"
        "      lambda: os.setxattr('FOLDER/open', 'user.mine', b'x'))",
    ),
    harm("a secret read by its path", TRY + "tried(lambda: open('FOLDER/secret').read())"),
    harm(
        "a secret read through links and descriptors",
        TRY + "import os\ndef link():\n    os.symlink('FOLDER/secret', 'link'); return open('link').read()\n"
        "def by_descriptor():\n    for fd in range(256):\n        try:\n"
        "            at = os.open('../../../../../FOLDER/secret', 0, dir_fd=fd); return os.read(at, 99)\n"
        "        except OSError: pass\n"
        "tried(link, by_descriptor, lambda: open('/proc/1/root/FOLDER/secret').read(),\n"
        "      lambda: open('/proc/self/root/../FOLDER/secret').read())",
    ),
    harm("all files searched for secrets", WALK),
    harm("the gradebook and other submissions read", TRY + "import sqlite3\ntried(\n"
         "    lambda: open('FOLDER/gradebook.db', 'rb').read(), lambda: open('FOLDER/submitted/bob/x.ipynb').read(),\n"
         "    lambda: sqlite3.connect('FOLDER/gradebook.db').execute('select 1').fetchall())"),
    harm("the size of a file that is guessed learned", TRY + "import os\ntried(lambda: 'LEARNED' * bool(os.stat('FOLDER/secret')))",
         limited={"B": "Landlock does not hide whether a file exists, its size and its dates"}),
    harm("all writable places searched", WRITABLE),
    harm("environments, memory and files of other processes", PARENTS),
    harm("its own environment", "import os\nprint([value for value in os.environ.values() if 'TOKEN' in value])"),
    harm("parents traced and their memory read",
         CALL + "for pid in [*PIDS, 1]:\n    print(call(101, 117, 16, pid, None, None))\n"
         "    held, where = (ctypes.c_ulong * 2)(), (ctypes.c_ulong * 2)(0x400000, 8)\n"
         "    print(call(310, 270, pid, held, 1, where, 1, 0))\n"
         "    print('LEARNED' if call(438, 438, call(434, 434, pid, 0), 0, 0) >= 0 else '')"),
    harm("parents and everybody killed",
         "import os, signal\nfor pid in [*PIDS, os.getppid(), 1, -1]:\n    for s in (9, 15, 19):\n"
         "        try:\n            if pid > 1 or s != 9 or os.path.exists('/grader'): os.kill(pid, s)\n"
         "        except OSError as error: print(error)"),
    harm("process groups killed", "import os\nfor pid in PIDS:\n    try: os.killpg(pid, 9)\n    except OSError as error: print(error)"),
    harm("signals through descriptors",
         "import fcntl, os, signal, socket\none, two = socket.socketpair()\n"
         "for pid in PIDS:\n    try:\n        fcntl.fcntl(one, 8, pid); fcntl.fcntl(one, 10, 9)\n"
         "        fcntl.fcntl(one, 4, os.O_ASYNC | os.O_NONBLOCK); two.send(b'x')\n    except OSError as error: print(error)"),
    harm("limits and priority of others",
         TRY + "import resource, os\nfor pid in PIDS:\n"
         "    tried(lambda: resource.prlimit(pid, resource.RLIMIT_NOFILE, (5, 5)), lambda: os.setpriority(0, pid, 19),\n"
         "          lambda: os.sched_setaffinity(pid, {0}))"),
    harm("fork bomb", "import os\nfor _ in range(2000):\n    try: os.fork()\n    except OSError: break"),
    harm("fork bomb that never stops", "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass",
         says=("stopped after", "did not answer", "ended", "partly")),
    harm("thread bomb",
         "import threading, time\nthreading.stack_size(65536)\ntry:\n    while True:\n"
         "        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\nexcept BaseException as error: print(type(error))"),
    harm("a thread that never ends", "import threading\ndef busy():\n    while True: pass\n"
         "threading.Thread(target=busy, daemon=True).start()"),
    harm("a daemon left behind",
         "import os, time\ntry:\n    if os.fork() == 0:\n        os.setsid()\n        if os.fork() == 0:\n"
         "            os.execv('/bin/sleep', ['sleep', 'MARK'])\n        os._exit(0)\nexcept OSError as error: print(error)"),
    harm("disk filled", "n = 0\ntry:\n    for i in range(200):\n        with open(f'/tmp/full{i}', 'wb') as file:\n"
         "            n += file.write(bytes(16 << 20))\nexcept OSError as error: print(n, error)"),
    harm("shared memory filled", "try:\n    for i in range(200):\n        with open(f'/dev/shm/full{i}', 'wb') as file: file.write(bytes(16 << 20))\n"
         "except OSError as error: print(error)"),
    harm("a million files", "try:\n    for i in range(10**6): open(f'/tmp/f{i}', 'w').close()\nexcept OSError as error: print(i, error)"),
    harm("50 GB at once", "import numpy as np\ntry: np.ones(50 * 2**30 // 8)\nexcept MemoryError: print('none')"),
    harm("a list that grows for ever", "x = []\nwhile True: x.append(bytes(10**7))"),
    harm("memory of many processes",
         "import os, time\nfor _ in range(12):\n    try:\n        if os.fork() == 0:\n            x = b'x' * (200 << 20); time.sleep(30); os._exit(0)\n"
         "    except OSError: break\ntime.sleep(1)", says=("memory", "")),
    harm("memory that no process has",
         CALL + "held = []\nfor _ in range(100):\n    fd = call(319, 279, b'x', 0)\n    if fd >= 0:\n        import os\n        held.append(fd)\n"
         "        for _ in range(60): os.write(fd, bytes(1 << 20))\n    held.append(call(29, 194, 0, 256 << 20, 0o1700))\nprint(held[:4])"),
    harm("sockets of every kind", SOCKETS),
    harm("letters without a connection", LETTER),
    harm("own namespaces and mounts",
         CALL + "print([libc.unshare(flag) for flag in (0x10000000, 0x20000, 0x40000000, 0x10020000)])\n"
         "print(libc.mount(b'tmpfs', b'/tmp', b'tmpfs', 0, None), libc.umount2(b'/proc', 2), libc.chroot(b'/tmp'))\n"
         "print(call(155, 41, b'/tmp', b'/tmp'), call(428, 428, -100, b'/', 1), call(272, 97, 0x10000000))"),
    harm("rare doors of the kernel",
         CALL + "print([call(*numbers, 0, 0, 0, 0, 0) for numbers in ((425, 425), (321, 280), (323, 282), (298, 241), (250, 219),\n"
         "       (175, 105), (246, 104), (169, 142), (303, 264), (304, 265), (135, 92), (444, 444), (500, 500))])"),
    harm("calls of another architecture", CALL + "print(call(0x40000000 + 57, 9999), call(0x40000000 + 41, 9999, 2, 1, 0))"),
    harm("its own filter of system calls",
         CALL + "import struct\nprogram = ctypes.create_string_buffer(struct.pack('=HBBI', 6, 0, 0, 0x00050001))\n"
         "print(libc.prctl(22, 2, struct.pack('@HP', 1, ctypes.addressof(program)), 0, 0), call(317, 277, 1, 0, 0))"),
    harm("programs that give privileges",
         "import glob, os, subprocess\nfor name in ('su', 'sudo', 'mount', 'passwd', 'newgrp', 'ping'):\n    try:\n"
         "        done = subprocess.run([name, '-c', 'id -u; cat FOLDER/secret'], capture_output=True, text=True, timeout=3, stdin=-3)\n"
         "        print(done.stdout)\n    except Exception as error: print(type(error).__name__)\n"
         "for kind in (os.setuid, os.seteuid, os.setgid):\n    try: kind(0); print('LEARNED')\n    except OSError: pass",),
    harm("its terminal typed into", "import fcntl, os\nfor path in ('/dev/tty', '/dev/console', '/dev/pts/0', '/proc/self/fd/0'):\n    try:\n"
         "        fd = os.open(path, os.O_RDWR); fcntl.ioctl(fd, 0x5412, b'x'); print('LEARNED')\n    except OSError: pass"),
    harm("the course and its worker poisoned for the next one", POISON),
    harm("scripts shown to the teacher",
         "from IPython.display import HTML, Javascript, Markdown, SVG, display\n"
         "display(HTML('<script>evil()</script><img src=x onerror=evil()>'), Javascript('evil()'), Markdown('<script>evil()</script>'),\n"
         "        SVG('<svg xmlns=\"http://www.w3.org/2000/svg\"><script>evil()</script></svg>'))\nprint('<script>evil()</script>')"),
    harm("descriptors asked for on the socket of copies",
         "import gc, socket\nfor thing in gc.get_objects():\n    if isinstance(thing, socket.socket):\n        try:\n"
         "            thing.setblocking(False); print(socket.recv_fds(thing, 100, 5)[1])\n        except OSError as error: print(error)\n"
         "        finally: thing.setblocking(True)"),
]  # fmt: skip
