"""The class as a table for a terminal: points per question, and under each student the mistakes."""

from textwrap import wrap

WIDTH = 120


def table(handins, recorded, endings):
    """Return the lines of the table; questions are columns with numbers, explained above."""
    stems = list(handins[0].answers)
    lines = legend(handins[0], recorded)
    head = "".join(f"{number:>5}" for number in range(1, len(stems) + 1))
    lines += ["", f"{'student':22}{'points':>7} {head}", "-" * (30 + len(head))]
    for handin in handins:
        found = recorded.get(handin.student, {})
        points = "".join(f"{found[stem].points:>5g}" if stem in found else "    -" for stem in stems)
        total = sum(each.points for each in found.values())
        lines.append(f"{handin.student:22.22}{total:>7g} {points}")
        lines += under(handin, found, endings.get(handin.student))
    return lines


def legend(handin, recorded):
    """Return what the columns stand for, with the points of each."""
    most = recorded.get(handin.student, {})
    entries = [
        f"{number:>2} {stem} ({most[stem].max_points:g})" if stem in most else f"{number:>2} {stem}"
        for number, stem in enumerate(handin.answers, 1)
    ]
    rows = [entries[start : start + 3] for start in range(0, len(entries), 3)]
    columns = ["".join(f"{entry:36}" for entry in row).rstrip() for row in rows]
    return [*columns, "Under a student: the mistakes that were recognised, each after its questions."]


def under(handin, found, ending):
    """Return the lines below a student's points: an accident, how it ended, the mistakes by column."""
    said = [] if handin.about == "mixed" else [handin.about]
    if ending is None or ending.state != "graded":
        said.append(f"{ending.state}: {ending.reason}" if ending else "nothing recorded")
    said += [mistakes(handin, found, costs=True), mistakes(handin, found, costs=False)]
    lines = [line for text in said for line in wrap(text, WIDTH - 6)]
    return [f"      {line}".replace("\N{NO-BREAK SPACE}", " ") for line in lines]


def mistakes(handin, found, costs):
    """Return the mistakes that cost points, or those that cost nothing, each with its columns."""
    columns = {}
    for number, stem in enumerate(handin.answers, 1):
        mistake = found[stem].mistake if stem in found else None
        if mistake and (found[stem].fault not in ("note", "convention")) == costs:
            columns.setdefault(mistake.removeprefix(f"{stem}."), []).append(str(number))
    named = ", ".join("\N{NO-BREAK SPACE}".join([*numbers, name]) for name, numbers in columns.items())
    return named if costs or not named else f"costs nothing: {named}"
