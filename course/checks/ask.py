"""How an answer is called, and how its reply is laid out by the names of the task's outputs."""

from dataclasses import replace

import numpy as np

from . import chance
from .answer import Handle

MISSING = np.zeros(0)  # stands for an output that did not come


def ask_all(task, answer, cases):
    """Return [(arguments, reply)] of cases, as ask_by_contract does, asked all at once where that can be."""
    if task.steps:
        asked = []
        for case in cases:
            is_over = asked and asked[-1][1].interrupted
            asked.append(asked[-1] if is_over else ask_steps(task, answer, case))
        return asked
    calls = [contract_call(task, case) for case in cases]
    return list(zip(calls, ask_many(task, answer, calls), strict=True))


def ask_by_contract(task, answer, case):
    """Return (arguments, reply) of a case; a backward pass gets the contract's cache."""
    return ask_all(task, answer, [case])[0]


def contract_call(task, case):
    """Return the arguments of a case; a backward pass gets the contract's cache."""
    return case.inputs if task.forward is None else task.backward_call(case, case.contract_cache)


def ask(task, answer, args):
    """Return the reply to one call with these arguments."""
    return ask_many(task, answer, [args])[0]


def ask_many(task, answer, calls):
    """Return the replies to calls that are made one after another, asked all at once."""
    replies = answer.map(calls, keep=(1,) if task.cached else ())
    return [laid_out(task, answer, *pair) for pair in zip(calls, replies, strict=True)]


def laid_out(task, answer, args, reply):
    """Return a reply whose value is laid out by the names of the task's outputs."""
    if task.keeps:
        return with_kept(task, args, reply)
    if task.chance and task.cached:
        return chance.described(task, answer, args, reply)
    if task.parts and isinstance(reply.value, (tuple, list)):
        absent = max(0, len(task.outputs) - len(reply.value))
        return replace(reply, value=(*reply.value, *[MISSING] * absent))
    return reply


def with_kept(task, args, reply):
    """Return a reply whose value holds, beside the output, what the call has written into an argument.

    To write there is what the contract asks for; to change anything else there is not.
    """
    if not isinstance(reply.value, (tuple, list)) or len(reply.value) != 2:
        return reply
    first, *written = task.outputs
    place = task.arguments.index(task.keeps)
    before, after = args[place], (reply.args or args)[place]
    spoilt = any(not np.array_equal(after.get(key), before[key]) for key in before if key not in written)
    return replace(
        reply,
        value={first: reply.value[0], **{name: after.get(name, MISSING) for name in written}},
        changed=tuple(position for position in reply.changed if position != place or spoilt),
    )


def ask_steps(task, answer, case):
    """Return (arguments, reply) of an update rule: the steps for one gradient after the other.

    Each step gets the state that the step before has returned, whatever it looks like; None at the start.
    The reply's value is a dictionary of the steps; what it changes of a state is its own affair.
    """
    gradients, *settings = case.inputs
    state, steps, replies = None, [], []
    for g in gradients:
        reply = answer.call((g, state, *settings), keep=(1,))
        pair = isinstance(reply.value, (tuple, list)) and len(reply.value) == 2
        if not pair or not isinstance(reply.value[1], Handle):
            return (g, state, *settings), reply
        steps.append(reply.value[0])
        state = reply.value[1]
        replies.append(reply)
    spoilt = [reply for reply in replies if 0 in reply.changed]
    together = replace(
        replies[-1],
        value=dict(zip(task.outputs, steps, strict=True)),
        args=spoilt[0].args if spoilt else None,
        changed=(0,) if spoilt else (),
        printed="".join(reply.printed for reply in replies),
        seconds=sum(reply.seconds for reply in replies),
    )
    return (gradients[0], None, *settings), together
