"""Ask an answer every case, and compare each reply with the right values."""

from . import chance
from .answer import Handle
from .ask import ask_all, ask_many
from .compare import Result, compare
from .oracle import current_oracle


def examine(task, answer, forward=None, seed=None, oracle=None):
    """Return one Result for each visible case of the task, or for each hidden case of the seed.

    answer, forward: answers (see answer.py); forward is asked for the cache of a backward pass.
    oracle: where right values come from, the current one when None. Hidden cases need a fresh oracle.
    """
    solved = (oracle or current_oracle()).solved(task, seed)
    if task.forward is not None:
        return examine_backward(task, answer, forward, solved)
    asked = ask_all(task, answer, [case for case, _ in solved])
    return [
        compare(task, case, expected, reply, args)
        for (case, expected), (args, reply) in zip(solved, asked, strict=True)
    ]


def examine_backward(task, answer, forward, solved):
    """Return the Results of a backward pass: right with its own forward's cache or with the contract's."""
    with_own = examine_with_own(task, answer, forward, solved)
    left = [number for number, result in enumerate(with_own) if result is None or is_open(result)]
    asked = ask_all(task, answer, [solved[number][0] for number in left])
    results = list(with_own)
    for number, (args, reply) in zip(left, asked, strict=True):
        with_contract = compare(task, *solved[number], reply, args)
        if results[number] is None or better(with_contract, results[number]):
            results[number] = with_contract
    return results


def examine_with_own(task, answer, forward, solved):
    """Return the Results with the caches that its own forward makes, None where that makes none."""
    passes = own_passes(forward, [case for case, _ in solved])
    pairs = zip(solved, passes, strict=True)
    calls = [cache and task.backward_call(case, cache) for (case, _), (cache, _) in pairs]
    replies = iter(ask_many(task, answer, [call for call in calls if call]))
    results = []
    for (case, expected), (_, out), call in zip(solved, passes, calls, strict=True):
        right = chance.right_gradient(case, out, expected) if task.chance else expected
        results.append(call and compare(task, case, right, next(replies), call))
    return results


def is_open(result):
    """Return True when the contract's cache could show an answer in a better light."""
    return bool(result.faults) and not is_blank(result) and not result.reply.interrupted


def better(with_contract, with_own):
    """Return True when the contract's cache shows less of the forward pass's own faults."""
    if not with_own.costs:
        return not with_contract.costs and len(with_contract.faults) < len(with_own.faults)
    return with_contract.right or not (with_own.right or with_contract.reply.error)


def own_passes(forward, cases):
    """Return (the handle of the cache, the output) that the student's own forward makes of each case.

    (None, None) where it makes no such pair.
    """
    replies = [] if forward is None else forward.map([case.inputs for case in cases], keep=(1,))
    return [own_pass(reply.value) for reply in replies] or [(None, None)] * len(cases)


def own_pass(value):
    """Return (cache, output) of what a forward pass returns, or (None, None)."""
    if isinstance(value, tuple) and len(value) == 2 and isinstance(value[1], Handle):
        return value[1], value[0]
    return None, None


def is_blank(result: Result):
    """Return True when the function has not been written yet."""
    return any(fault.kind == "not written" for fault in result.faults)
