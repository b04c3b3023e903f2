"""What kind of wrong an answer is, when it is none of the known mistakes."""

import re

from .compare import UNTOLD
from .features import only_where
from .places import places
from .relations import relations, shape_relations
from .seen import look
from .task import WEIGHTS, arrays_in


def diagnose(task, results):
    """Return sentences on what is wrong with the failing Results of a task, the most telling first."""
    failing = [result for result in results if not result.right]
    if not failing:
        return []
    first = smallest(failing)
    told = [
        *faults_told(task, first, failing),
        rest_right(task, failing),
        forgotten(task, failing),
        cause(first),
        only_where(task, results),
    ]
    return list(dict.fromkeys(sentence for sentence in told if sentence))


def faults_told(task, first, failing):
    """Return a sentence on each fault of the first failing Result; outputs that share one share it."""
    names = {}
    for fault in first.faults:
        if fault.fault == "wrong":
            sentence = better(task, first, failing, fault)
            names.setdefault(sentence.replace(fault.output, "{}", 1), []).append(fault.output)
    told = []
    for sentence, (one, *others) in names.items():
        told.append(sentence.replace("{}", one, 1))
        if others and "{}" in sentence and one:
            told.append(f"The same goes for {listed(others)}.")
    return told


def listed(names):
    """Return names as one writes them in a sentence."""
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def smallest(results):
    """Return the Result to look at first: of the first group, with the fewest numbers in its inputs."""
    groups = list(WEIGHTS)
    sizes = [sum(array.size for array in arrays_in(result.case.inputs)) for result in results]
    ranks = [(groups.index(result.case.group), size) for result, size in zip(results, sizes, strict=True)]
    return results[ranks.index(min(ranks))]


def better(task, first, failing, fault):
    """Return the best sentence on a fault of the first failing Result: its own message if there is no other.

    What holds in every case with this fault is better than what holds in the first one alone.
    """
    told = fault.kind == "values" and fault.message != UNTOLD.format(fault.output)
    probes = () if told else PROBES.get(fault.kind, ())
    alike = [result for result in failing if has(result, fault)]
    alike = [result for result in alike if result.case.group != "care"] or alike
    seen = [look(task, result, fault.output) for result in alike] if probes else []
    sentence = everywhere(probes, seen) or (
        in_one(probes, look(task, first, fault.output)) if probes else None
    )
    if fault.kind == "shape":
        return f"{sentence} {fault.message}" if sentence else fault.message
    return sentence or (counted(look(task, first, fault.output)) if probes else fault.message)


def everywhere(probes, seen):
    """Return the first sentence that holds for all that is Seen, or None."""
    for probe in probes:
        lists = [list(probe(each, len(seen) == 1)) for each in seen]
        for sentence in lists[0]:
            if all(sentence in each for each in lists):
                return sentence
    return None


def in_one(probes, seen):
    """Return the first sentence on one thing Seen, and that it is about this one alone; None without any."""
    sentence = next(probes[0](seen, True), None)
    return sentence and f"In the smallest failing case: {sentence}"


def has(result, fault):
    """Return True when a Result has a fault of this kind about the same output."""
    return any((each.kind, each.output) == (fault.kind, fault.output) for each in result.faults)


PROBES = {
    "values": (relations, lambda seen, alone: places(seen)),
    "shape": (lambda seen, alone: shape_relations(seen),),
}


def counted(seen):
    """Return a sentence on how many numbers of an output are wrong, and whether they err to one side."""
    wrong, numbers = seen.wrong, seen.right.size
    side = one_side(seen.right[wrong].astype(float), seen.value[wrong].astype(float))
    if numbers == 1:
        return f"{seen.name} is {side or 'wrong'}."
    many = f"All {numbers}" if wrong.all() else f"{wrong.sum()} of {numbers}"
    to_one_side = f", all of them {side}" if side and wrong.sum() > 1 else ""
    return f"{many} numbers of {seen.name} are wrong{to_one_side}."


def one_side(right, value):
    """Return to which side all of these numbers err, or None; with signs, small is what is close to 0."""
    if min(right.min(), value.min()) < 0:
        if (right * value < 0).any():
            return None
        right, value, sides = abs(right), abs(value), ("too far from 0", "too close to 0")
    else:
        sides = "too large", "too small"
    return sides[0] if (value > right).all() else sides[1] if (value < right).all() else None


def rest_right(task, failing):
    """Return a sentence that names the outputs which are right in every case, or None when there are none."""
    if any(result.values is None for result in failing):
        return None
    bad = {fault.output for result in failing for fault in result.faults if fault.fault == "wrong"}
    good = [name for name in task.outputs if name not in bad]
    if not bad or not good or "" in bad or task.chance:
        return None
    return f"{listed(good)} {'are' if len(good) > 1 else 'is'} right."


def forgotten(task, failing):
    """Return where to look when the first step of an update rule is right and a later one is not, or None."""
    wrong = {fault.output for result in failing for fault in result.faults}
    if not task.steps or "" in wrong or task.outputs[0] in wrong:
        return None
    return "Look at what is remembered from one step to the next, and at what is made of it."


def cause(result):
    """Return what NumPy warned of, when the values are not finite, or None."""
    if not any(fault.kind == "nan" for fault in result.faults):
        return None
    for warning in result.reply.warnings:
        warned = re.search(r"(overflow|divide by zero|invalid value) encountered in (\w+)", warning)
        if warned:
            return f"While it was computed, NumPy warned: {warned[0]}."
    return None
