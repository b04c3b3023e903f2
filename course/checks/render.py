"""A Verdict as HTML for notebooks and reports, and as text for terminals."""

import re
from html import escape

SIGN = {"right": "✓", "partly right": "◐", "wrong": "✗", "not written": "…", "cannot decide": "?"}
COLOUR = {
    "right": "#009E73",
    "partly right": "#0072B2",
    "wrong": "#D55E00",
    "not written": "#7F7F7F",
    "cannot decide": "#CC79A7",
}
GROUP = {"core": "core", "geometry": "other shapes", "care": "care"}
STYLE = "border-left:4px solid {colour};padding:.3em .8em;margin:.2em 0;max-width:56em;line-height:1.45"
TABLE = "border-collapse:collapse;margin:.3em 0;font-variant-numeric:tabular-nums"
SMALL = "font-size:90%;opacity:.85"
INPUTS = "Inputs, each array by its shape:"
CELL = "padding:.15em .6em;text-align:right;border:1px solid rgba(128,128,128,.4)"


def number(value):
    """Return a number in at most 6 significant digits."""
    return value if isinstance(value, str) else f"{value + 0.0:.6g}"  # + 0.0: no -0


def marked(text):
    """Return a text as HTML, with what stands between backquotes as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def headline(verdict):
    """Return one line: what was checked, how it stands, the points where there are some."""
    points = f", {verdict.points:g} of {verdict.max_points:g} points" if verdict.max_points else ""
    return f"{verdict.stem}: {verdict.status}{points}"


def group_lines(verdict):
    """Return one line for each set of cases: a mark for each group."""
    lines = []
    for title, groups in (("cases shown", verdict.groups), ("fresh cases", verdict.hidden)):
        if groups and verdict.status in ("right", "wrong"):
            marks = ", ".join(f"{GROUP[g]} {'✓' if ok else '✗'}" for g, ok in groups.items())
            lines.append(f"{title}: {marks}")
    return lines


def agreement_line(verdict):
    """Return how well the numerical gradient agrees, or an empty line."""
    parts = [f"{name} {value:.1e}" for name, value in verdict.agreement.items()]
    return f"Relative difference from the numerical gradient: {', '.join(parts)}." if parts else ""


def rows_of(evidence):
    """Return the table of numbers at the largest error: a header, then one row for each output."""
    numerical = any("numerical" in row for row in evidence.rows)
    header = ["largest error", "yours", *(["numerical"] if numerical else []), "right"]
    rows = []
    for row in evidence.rows:
        place = row["output"]
        if row["index"]:
            place += f"{' at ' * (' ' in place)}[{', '.join(map(str, row['index']))}]"
        middle = [number(row.get("numerical", ""))] if numerical else []
        rows.append([place, number(row["yours"]), *middle, number(row["right"])])
    return [header, *rows] if rows else []


def as_text(verdict):
    """Return the message for a terminal."""
    lines = [headline(verdict), *verdict.sentences]
    if verdict.evidence:
        lines += [f"Smallest failing case: {verdict.evidence.case}", f"{INPUTS} {verdict.evidence.shapes}"]
        lines += ["  " + "".join(f"{entry:>18}" for entry in row) for row in rows_of(verdict.evidence)]
    lines += [agreement_line(verdict), *group_lines(verdict), *(f"Note: {note}" for note in verdict.notes)]
    if verdict.mistake and verdict.status == "wrong":
        lines.append(f"Read again: {verdict.mistake.reads}. A hint: .hint(1), .hint(2), .hint(3)")
    return "\n".join(line for line in lines if line)


def as_html(verdict):
    """Return the message for a notebook or a report: no script, no outside address."""
    parts = [f"<strong>{SIGN[verdict.status]} {escape(headline(verdict))}</strong>"]
    parts += [f"<div>{marked(sentence)}</div>" for sentence in verdict.sentences]
    if verdict.evidence:
        parts.append(evidence_html(verdict.evidence))
    small = [agreement_line(verdict), *group_lines(verdict), *(f"Note: {note}" for note in verdict.notes)]
    parts += [f'<div style="{SMALL}">{escape(line)}</div>' for line in small if line]
    if verdict.mistake and verdict.status == "wrong":
        parts += [
            f"<div>Read again: <em>{escape(verdict.mistake.reads)}</em></div>",
            hints_html(verdict.mistake),
        ]
    style = STYLE.format(colour=COLOUR[verdict.status])
    return f'<div style="{style}" title="course {escape(verdict.version)}">{"".join(parts)}</div>'


def evidence_html(evidence):
    """Return the smallest failing case: its shapes, the numbers, the picture."""
    parts = [
        f"<div>Smallest failing case: {escape(evidence.case)}</div>",
        f'<div style="{SMALL}">{INPUTS} {escape(evidence.shapes)}</div>',
    ]
    rows = rows_of(evidence)
    if rows:
        lines = []
        for row, tag in zip(rows, ["th"] + ["td"] * len(rows), strict=False):
            cells = "".join(f'<{tag} style="{CELL}">{escape(entry)}</{tag}>' for entry in row)
            lines.append(f"<tr>{cells}</tr>")
        parts.append(f'<table style="{TABLE}">{"".join(lines)}</table>')
    if evidence.planes:
        (mine_title, mine), (right_title, right) = evidence.planes
        pictures = plane_html(mine_title, mine, right) + plane_html(right_title, right, right)
        parts.append(f'<div style="display:flex;gap:1.5em;flex-wrap:wrap">{pictures}</div>')
    return "".join(parts)


def plane_html(title, plane, right):
    """Return a plane as a table of numbers; cells that differ from the right ones are marked and bold."""
    largest = max((abs(v) for row in right for v in row), default=0)
    lines = []
    for row, wanted in zip(plane, right, strict=True):
        cells = []
        for value, goal in zip(row, wanted, strict=True):
            wrong = not abs(value - goal) <= 1e-5 * max(largest, 1e-3)
            mark = ";background:rgba(213,94,0,.25);font-weight:bold" if wrong else ""
            cells.append(f'<td style="{CELL}{mark}">{value + 0.0:.3g}</td>')
        lines.append(f"<tr>{''.join(cells)}</tr>")
    caption = f'<caption style="text-align:left;font-size:90%;white-space:nowrap">{escape(title)}</caption>'
    return f'<table style="{TABLE}">{caption}{"".join(lines)}</table>'


def hints_html(mistake):
    """Return the hints, each behind a click; nbgrader's pages would hide the arrow that says so."""
    return "".join(
        f'<details><summary style="display:list-item">Hint {step}</summary>{marked(hint)}</details>'
        for step, hint in enumerate(mistake.hints, start=1)
    )
