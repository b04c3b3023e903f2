"""A filter of system calls, assembled here: the kernel runs it before each call of the process.

A call is allowed unless a rule says otherwise; calls younger than the table, and calls in the manner of
another architecture, do not exist. What is denied answers EPERM.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
from collections.abc import Iterable
from dataclasses import dataclass

from . import calls
from .syscalls import AUDIT, KNOWN, LAST, MACHINE, NUMBERS

LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06  # opcodes of BPF
ALLOW, ERROR, KILL = 0x7FFF0000, 0x00050000, 0x80000000
NUMBER_AT, ARCHITECTURE_AT, ARGUMENTS_AT = 0, 4, 16
OTHER_ABI = 0x40000000  # x32, the second set of numbers on x86_64
FILTER_MODE = 2
AF_UNIX = 1
THREAD = 0x10000  # of clone: a thread of this process
CGROUP = 0x2000000
NAMESPACES = CGROUP | calls.NEWNS | calls.NEWUTS | calls.NEWIPC | calls.NEWUSER | calls.NEWPID | calls.NEWNET

# What no student's code needs: the kernel's rarest doors, and memory that no limit counts.
NEVER = """
unshare setns mount umount2 pivot_root chroot fsopen fsconfig fsmount fspick move_mount open_tree
mount_setattr ptrace process_vm_readv process_vm_writev process_madvise process_mrelease pidfd_open
pidfd_getfd pidfd_send_signal kcmp migrate_pages move_pages bpf perf_event_open userfaultfd io_uring_setup
io_uring_enter io_uring_register keyctl add_key request_key kexec_load kexec_file_load init_module
finit_module delete_module reboot swapon swapoff syslog acct quotactl quotactl_fd nfsservctl vhangup
settimeofday clock_settime adjtimex clock_adjtime sethostname setdomainname iopl ioperm modify_ldt personality
open_by_handle_at name_to_handle_at fanotify_init fanotify_mark lookup_dcookie uselib ustat sysfs _sysctl
memfd_create memfd_secret shmget shmat shmctl msgget msgsnd msgrcv msgctl semget semop semctl semtimedop
mq_open mq_unlink mq_notify seccomp vmsplice splice tee mbind set_mempolicy set_mempolicy_home_node mknod
mknodat
""".split()

# What namespaces would make harmless: other processes, sockets, what Landlock lets pass at files.
WITHOUT_NAMESPACES = """
fork vfork execve execveat socket connect bind listen accept accept4 sendmsg sendmmsg tkill rt_sigqueueinfo
rt_tgsigqueueinfo chmod fchmod fchmodat chown lchown fchown fchownat utime utimes futimesat utimensat setxattr
lsetxattr fsetxattr removexattr lremovexattr fremovexattr inotify_init inotify_init1 inotify_add_watch
setpriority ioprio_set sched_setscheduler sched_setparam sched_setattr sched_setaffinity setpgid
""".split()


@dataclass(frozen=True)
class Rule:
    """Answer a call with an error; where an argument is named, only if a test of its lower half is true.

    test: EQUAL or ANY_BIT of `value`; wanted: deny when the test gives this.  high: look at the upper half.
    """

    name: str
    argument: int | None = None
    value: int = 0
    test: int = EQUAL
    wanted: bool = True
    error: int = errno.EPERM
    high: bool = False


def rules(has_namespaces: bool, pid: int) -> list[Rule]:
    """Return the rules of a process with this number."""
    found = [Rule(name) for name in NEVER]
    found += [
        Rule("clone3", error=errno.ENOSYS),  # its flags lie in memory; the C library then takes clone
        Rule("clone", 0, NAMESPACES, ANY_BIT),
        Rule("socketpair", 0, AF_UNIX, wanted=False),
        Rule("prctl", 0, calls.PR_SET_SECCOMP),
        Rule("prctl", 0, calls.PR_SET_PDEATHSIG),
        *(Rule("ioctl", 1, request) for request in (0x5412, 0x541C)),  # typing into a terminal
        Rule("flock", error=errno.ENOSYS),  # locks on files that all read are seen by others
        *(Rule("fcntl", 1, command) for command in (5, 36)),  # the same, by asking for a lock
    ]
    if has_namespaces:
        return [*found, Rule("socket", 0, AF_UNIX, wanted=False)]
    return [
        *found,
        *(Rule(name) for name in WITHOUT_NAMESPACES),
        Rule("clone", 0, THREAD, ANY_BIT, wanted=False),
        *(Rule(name, 0, pid, wanted=False) for name in ("kill", "tgkill")),
        *(Rule("sendto", 4, 0, wanted=False, high=half) for half in (False, True)),  # to an address
        Rule("prlimit64", 0, 0, wanted=False),
        *(Rule("fcntl", 1, command) for command in (8, 10, 15)),  # signals to others when data comes
        *(Rule("ioctl", 1, request) for request in (0x8901, 0x8902)),  # the same
    ]


def assemble(wanted: Iterable[Rule]) -> bytes:
    """Return the program of the rules, in the kernel's form.

    Raises ValueError for a call that is not in the table: its rule would deny nothing.
    """
    program = [
        (LOAD, 0, 0, ARCHITECTURE_AT),
        (EQUAL, 1, 0, AUDIT[MACHINE]),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER_AT),
        (AT_LEAST, 0, 1, LAST + 1),  # the numbers of OTHER_ABI lie above it too
        (RETURN, 0, 0, ERROR | errno.ENOSYS),
    ]
    for rule in wanted:
        if rule.name not in KNOWN:
            raise ValueError(f"no system call {rule.name!r} in the table, so none can be denied")
        if rule.name in NUMBERS:  # what this architecture lacks needs no rule
            program += _one(rule)
    program.append((RETURN, 0, 0, ALLOW))
    return b"".join(struct.pack("=HBBI", *line) for line in program)


def _one(rule: Rule) -> list[tuple[int, int, int, int]]:
    """Return the lines of one rule; before and after them the call's number is loaded."""
    deny = (RETURN, 0, 0, ERROR | rule.error)
    if rule.argument is None:
        return [(EQUAL, 0, 1, NUMBERS[rule.name]), deny]
    offset = ARGUMENTS_AT + 8 * rule.argument + 4 * rule.high
    hit, miss = (0, 1) if rule.wanted else (1, 0)
    return [
        (EQUAL, 0, 4, NUMBERS[rule.name]),
        (LOAD, 0, 0, offset),
        (rule.test, hit, miss, rule.value & 0xFFFFFFFF),
        deny,
        (LOAD, 0, 0, NUMBER_AT),
    ]


def confine(has_namespaces: bool) -> None:
    """Filter all further system calls of this process and of what it starts.

    Raises OSError when the kernel has no such filters.
    """
    program = assemble(rules(has_namespaces, os.getpid()))
    held = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("@HP", len(program) // 8, ctypes.addressof(held))
    calls.prctl(calls.PR_SET_NO_NEW_PRIVS, 1)
    done = calls.LIBC.prctl(
        calls.PR_SET_SECCOMP, ctypes.c_ulong(FILTER_MODE), ctypes.c_char_p(header), ctypes.c_ulong(0)
    )
    calls.checked(done, "seccomp")
