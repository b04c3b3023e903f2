"""How an answer is called, and how its reply is laid out by the names of the task's outputs."""

from dataclasses import replace

import numpy as np

from . import chance
from .answer import Handle

MISSING = np.zeros(0)  # stands for an output that did not come


def ask_by_contract(task, answer, case):
    """Return (arguments, reply) of a case; a backward pass gets the contract's cache."""
    if task.steps:
        return ask_steps(task, answer, case)
    args = case.inputs if task.forward is None else task.backward_call(case, case.contract_cache)
    return args, ask(task, answer, args)


def ask(task, answer, args):
    """Return the reply to one call with these arguments."""
    reply = answer.call(args, keep=(1,) if task.cached else ())
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
