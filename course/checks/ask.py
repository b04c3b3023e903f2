"""How an answer is called: once for most tasks, step after step for an update rule."""

from dataclasses import replace

from .answer import Handle


def ask_by_contract(task, answer, case):
    """Return (arguments, reply) of a case; a backward pass gets the contract's cache."""
    if task.steps:
        return ask_steps(task, answer, case)
    args = case.inputs if task.forward is None else task.backward_call(case, case.contract_cache)
    return args, answer.call(args, keep=(1,) if task.cached else ())


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
