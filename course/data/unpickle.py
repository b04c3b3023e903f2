"""Read CIFAR-10's pickles without running them.

A pickle is a program, and whoever unpickles it runs it. The official files are made of the few instructions
below. Here each of them only puts plain data together: no function is called, no name is looked up, and any
other instruction is refused.
"""

import pickletools

import numpy as np

LIMIT_BYTES = 32_000_000  # the official files have 31.04 million
LIMIT_INSTRUCTIONS = 100_000  # and 40,000
NAMES = {"numpy.core.multiarray _reconstruct", "numpy ndarray", "numpy dtype"}
MARK = object()


def unpickle(raw):
    """Return the data of a pickle that is written as CIFAR-10's files are.

    raw: bytes.  Returns dictionaries, lists, tuples, whole numbers, bytes (Python 2's strings), None, False
    and uint8 arrays with two axes; no object stands in two places.
    Raises ValueError when the pickle is too large, damaged, or holds anything else.
    """
    if len(raw) > LIMIT_BYTES:
        raise ValueError(f"a pickle of at most {LIMIT_BYTES:,} bytes was expected, this one has {len(raw):,}")
    stack = []
    try:
        for count, (instruction, argument, _) in enumerate(pickletools.genops(raw)):
            if count == LIMIT_INSTRUCTIONS:
                raise ValueError(f"it has more than {LIMIT_INSTRUCTIONS:,} instructions")
            if instruction.name != "STOP":
                follow(instruction.name, argument, stack)
        [data] = stack
    except (ValueError, IndexError, TypeError, AttributeError) as error:
        raise ValueError(f"this is no pickle of CIFAR-10: {error}") from None
    return data


def follow(instruction, argument, stack):
    """Change the stack of unfinished data as one instruction says. Raises ValueError for a foreign one."""
    match instruction:
        case "PROTO" | "BINPUT" | "LONG_BINPUT":
            pass  # remembers an object for later use, which never comes
        case "NONE" | "BININT" | "BININT1" | "BININT2":
            stack.append(argument)
        case "NEWFALSE":
            stack.append(False)
        case "SHORT_BINSTRING" | "BINSTRING":
            stack.append(argument.encode("latin-1"))
        case "GLOBAL":
            stack.append(known(argument))
        case "MARK":
            stack.append(MARK)
        case "EMPTY_LIST":
            stack.append([])
        case "EMPTY_DICT":
            stack.append({})
        case "TUPLE":
            stack.append(tuple(since_mark(stack)))
        case "TUPLE1" | "TUPLE2" | "TUPLE3":
            stack.append(tuple(reversed([stack.pop() for _ in range(int(instruction[-1]))])))
        case "APPENDS":
            items = since_mark(stack)
            stack[-1].extend(items)
        case "SETITEMS":
            items = since_mark(stack)
            stack[-1].update(zip(map(key, items[::2]), items[1::2], strict=True))
        case "REDUCE":  # would call a function: here the function's name and its arguments
            arguments = stack.pop()
            stack.append((stack.pop(), arguments))
        case "BUILD":
            state = stack.pop()
            stack.append(built(stack.pop(), state))
        case _:
            raise ValueError(f"the instruction {instruction} has no place in it")


def known(name):
    """Return a name that the format needs, as it is."""
    if name not in NAMES:
        raise ValueError(f"it asks for {name.replace(' ', '.')!r}")
    return name


def key(item):
    """Return what may be a dictionary's key: bytes."""
    if type(item) is not bytes:
        raise ValueError("a key is not a string")
    return item


def since_mark(stack):
    """Take all that came after the last MARK off the stack, and the MARK; return it in order."""
    items = []
    while (item := stack.pop()) is not MARK:
        items.append(item)
    return items[::-1]


def built(called, state):
    """Return the array, or its number type, that a call and the state given to its result describe."""
    match called, state:
        case ("numpy dtype", (b"u1", 0, 1)), (3, b"|", None, None, None, -1, -1, 0):
            return np.dtype(np.uint8)
        case (
            ("numpy.core.multiarray _reconstruct", ("numpy ndarray", (0,), b"b")),
            (1, (int(rows), int(columns)), np.dtypes.UInt8DType() as dtype, False, bytes(content)),
        ):
            if min(rows, columns) < 1 or rows * columns != len(content):
                raise ValueError(f"an array of shape {(rows, columns)} has {len(content):,} bytes")
            return np.frombuffer(content, dtype).reshape(rows, columns)
    raise ValueError("it builds something other than an array of bytes")
