"""An explorer's module as one text: what a widget sends to the browser cannot import its neighbours."""

import re
from pathlib import Path

HERE = Path(__file__).parent
IMPORT = re.compile(r'^import (\{[\w\s,]+\}) from "\./(\w+)\.mjs";$', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:(?:async )?function\*?|const|let|class) (\w+))", re.MULTILINE)
LEFT_OVER = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
ALONE = re.compile(r"^(?:export const (\w+) = [^\n]*;|(?:export )?(?:async )?function\*? (\w+)\(.*?^\})\n",
                   re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r"^\s*(?://[^\n]*|/\*\*.*?\*/)\n| // [^\n]*$", re.MULTILINE | re.DOTALL)
INDENT = re.compile(r"^\s+", re.MULTILINE)
PLAIN = re.compile(r"^[^\"'`/<\n]+[,;(){}\[\]]$", re.MULTILINE)  # code without text, pattern or HTML
LOOSE = re.compile(r" ?(=>|&&|\|\||[=,:?{}*>]) ?")


def bundle(name):
    """Return the text of a module, "conv.mjs", with the modules that it imports in front, each once.

    An import is `import { a, b } from "./other.mjs";`, an export `export const a = ...` (one name in each)
    or a function. A module in front keeps its other names to itself. Comments, indentation, blanks around
    signs in lines without quotes or HTML, and functions and one-line exports that nobody uses stay behind:
    nothing between quotes or backticks may look like them.
    Raises ValueError for another form of import or export, and for a name that the other module lacks.
    """
    *neighbours, entry = _ordered(name.removesuffix(".mjs"), [])
    used = {name for module in (*neighbours, entry) for name, _ in _imported(module)}
    return "".join([*(_closed(module, used) for module in neighbours), _text(entry)])


def _ordered(name, done):
    for imported, other in _imported(name):
        if other not in done:
            _ordered(other, done)
        if imported not in _exported(other):
            raise ValueError(f"{name}.mjs imports {imported} that {other}.mjs does not export")
    done.append(name)
    return done


def _source(name):
    return (HERE / f"{name}.mjs").read_text(encoding="utf-8")


def _imported(name):
    found = IMPORT.finditer(_source(name))
    return [(imported, match[2]) for match in found for imported in re.findall(r"\w+", match[1])]


def _exported(name):
    return [match[1] for match in EXPORT.finditer(_source(name))]


def _text(name, source=None):
    text = INDENT.sub("", COMMENT.sub("", _source(name) if source is None else source))
    text = IMPORT.sub(r"const \1 = \2_;", text)
    return PLAIN.sub(lambda line: LOOSE.sub(r"\1", line[0]), text)


def _closed(name, used):
    text = EXPORT.sub("", _text(name, _needed(_source(name), used)))
    if odd := LEFT_OVER.search(text):
        raise ValueError(f"{name}.mjs can't be put in front of another module: {odd[0]}")
    names = ", ".join(one for one in _exported(name) if one in used)
    return f"const {name}_ = (() => {{\n{text}return {{ {names} }};\n}})();\n"


def _needed(source, used):
    """Leave out what nobody uses, and what only that used."""
    for alone in ALONE.finditer(source):
        name, rest = alone[1] or alone[2], source.replace(alone[0], "")
        if name not in used and not re.search(rf"\b{name}\b", COMMENT.sub("", rest)):
            return _needed(rest, used)
    return source
