"""Ask an answer every case, and compare each reply with the right values."""

from dataclasses import replace

from . import chance
from .answer import Handle
from .ask import ask as ask_once
from .ask import ask_by_contract
from .compare import Result, compare
from .oracle import current_oracle


def examine(task, answer, forward=None, seed=None, oracle=None):
    """Return one Result for each visible case of the task, or for each hidden case of the seed.

    answer, forward: answers (see answer.py); forward is asked for the cache of a backward pass.
    oracle: where right values come from, the current one when None. Hidden cases need a fresh oracle.
    """
    oracle, results = oracle or current_oracle(), []
    for case, expected in oracle.solved(task, seed):
        if results and is_interrupted(results[-1]):  # by its user or a time limit: it is not asked again
            results.append(replace(results[-1], case=case, expected=expected))
        else:
            results.append(ask(task, answer, forward, case, expected))
    return results


def ask(task, answer, forward, case, expected):
    """Return the Result of one case."""
    if task.forward is not None:
        return ask_backward(task, answer, forward, case, expected)
    args, reply = ask_by_contract(task, answer, case)
    return compare(task, case, expected, reply, args)


def ask_backward(task, answer, forward, case, expected):
    """Return the Result of a backward case: right with its own forward's cache or with the contract's."""
    own, out = own_pass(forward, case)
    right = chance.right_gradient(case, out, expected) if task.chance else expected
    with_own = None
    if own is not None:
        args = task.backward_call(case, own)
        with_own = compare(task, case, right, ask_once(task, answer, args), args)
        if is_blank(with_own) or not with_own.faults:
            return with_own
    args, reply = ask_by_contract(task, answer, case)
    with_contract = compare(task, case, expected, reply, args)
    return with_contract if with_own is None or better(with_contract, with_own) else with_own


def better(with_contract, with_own):
    """Return True when the contract's cache shows less of the forward pass's own faults."""
    if not with_own.costs:
        return not with_contract.costs and len(with_contract.faults) < len(with_own.faults)
    return with_contract.right or not (with_own.right or with_contract.reply.error)


def own_pass(forward, case):
    """Return (the handle of the cache, the output) that the student's own forward makes, or (None, None)."""
    value = None if forward is None else forward.call(case.inputs, keep=(1,)).value
    if isinstance(value, tuple) and len(value) == 2 and isinstance(value[1], Handle):
        return value[1], value[0]
    return None, None


def is_interrupted(result: Result):
    """Return True when the call did not end by itself."""
    return result.reply.error is not None and result.reply.error.kind == "KeyboardInterrupt"


def is_blank(result: Result):
    """Return True when the function has not been written yet."""
    return any(fault.kind == "not written" for fault in result.faults)
