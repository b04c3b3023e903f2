"""Submissions that look for somebody to talk to."""

from benchmarks.attacks.attack import Attack

TRY = """
import os, socket
def attempt(family, kind, address, protocol=0):
    try:
        with socket.socket(family, kind, protocol) as made:
            made.settimeout(0.5)
            if kind == socket.SOCK_DGRAM:
                made.sendto(b"hello", address)
            else:
                made.connect(address)
                made.sendall(b"hello")
    except OSError:
        return
    if kind == socket.SOCK_STREAM:
        reached("%s %s" % (family, address))
"""
LISTEN = """
import socket
for family, address in ((socket.AF_INET, ("0.0.0.0", 0)), (socket.AF_UNIX, "\\0" + BAIT["mark"])):
    try:
        held = socket.socket(family, socket.SOCK_STREAM)
        held.bind(address)
        held.listen()
        globals()["kept%d" % family] = held
    except OSError:
        pass
"""
RAW = """
import socket
RAW = socket.SOCK_RAW
for family, kind, protocol in ((socket.AF_PACKET, RAW, 0x300), (socket.AF_INET, RAW, 1),
                               (socket.AF_NETLINK, RAW, 0), (40, socket.SOCK_STREAM, 0),
                               (38, socket.SOCK_SEQPACKET, 0), (socket.AF_INET6, socket.SOCK_STREAM, 0)):
    try:
        with socket.socket(family, kind, protocol) as made:
            reached("a socket of family %d" % family)
    except OSError:
        pass
"""
WORLD = """
import socket, urllib.request
try:
    socket.create_connection(("192.0.2.1", 80), timeout=0.5)
    reached("the world")
except OSError as error:
    if isinstance(error, TimeoutError):
        reached("a network that does not answer")
try:
    socket.getaddrinfo("localhost.example", 80)
    reached("a name")
except OSError:
    pass
"""
URING = """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
held = ctypes.create_string_buffer(256)
if libc.syscall(425, 4, held) >= 0:
    reached("io_uring, which no filter sees")
"""
PASSED = """
import array, socket
one, two = socket.socketpair()
try:
    socket.send_fds(one, [b"x"], [0])
    two.setblocking(False)
    for number in range(3, 64):
        try:
            socket.send_fds(socket.socket(fileno=number), [b"x" * 4096], [0] * 100)
        except OSError:
            pass
except OSError:
    pass
"""
SOURCES = {
    "a port on loopback": TRY + 'attempt(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", BAIT["tcp"]))',
    "a datagram on loopback": TRY + 'attempt(socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", BAIT["udp"]))',
    "a socket with a name": TRY + 'attempt(socket.AF_UNIX, socket.SOCK_STREAM, "\\0" + BAIT["abstract"])',
    "a socket with a path": TRY + 'attempt(socket.AF_UNIX, socket.SOCK_STREAM, BAIT["stream"])',
    "a datagram to a path": TRY + 'attempt(socket.AF_UNIX, socket.SOCK_DGRAM, BAIT["datagrams"])\n'
    "a, b = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)\n"
    'try:\n    a.sendto(b"x", BAIT["datagrams"])\nexcept OSError:\n    pass',
    "listens": LISTEN,
    "raw sockets and other families": RAW,
    "the world outside": WORLD,
    "io_uring": URING,
    "descriptors sent over its own connection": PASSED,
}
ATTACKS = tuple(Attack(name, "network", first=source) for name, source in SOURCES.items())
