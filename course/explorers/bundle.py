"""An explorer's module as one text: what a widget sends to the browser cannot import its neighbours."""

import re
from pathlib import Path

HERE = Path(__file__).parent
IMPORT = re.compile(r'^import (\{[\w\s,]+\}) from "\./(\w+)\.mjs";$', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:(?:async )?function\*?|const|let|class) (\w+))", re.MULTILINE)
LEFT_OVER = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
COMMENT = re.compile(r"^\s*(?://[^\n]*|/\*\*.*?\*/)\n", re.MULTILINE | re.DOTALL)
INDENT = re.compile(r"^\s+", re.MULTILINE)


def bundle(name):
    """Return the text of a module, "conv.mjs", with the modules that it imports in front, each once.

    An import is `import { a, b } from "./other.mjs";`, an export `export const a = ...` (one name in each)
    or a function. A module in front keeps its other names to itself. Comment lines and indentation stay
    behind: no text between backticks may need them.
    Raises ValueError for another form of import or export, and for a name that the other module lacks.
    """
    *neighbours, entry = _ordered(name.removesuffix(".mjs"), [])
    return "".join([*map(_closed, neighbours), _text(entry)])


def _ordered(name, done):
    for match in IMPORT.finditer(_source(name)):
        if match[2] not in done:
            _ordered(match[2], done)
        if lacking := set(re.findall(r"\w+", match[1])) - set(_exported(match[2])):
            names = ", ".join(sorted(lacking))
            raise ValueError(f"{name}.mjs imports {names} that {match[2]}.mjs does not export")
    done.append(name)
    return done


def _source(name):
    return (HERE / f"{name}.mjs").read_text(encoding="utf-8")


def _exported(name):
    return [match[1] for match in EXPORT.finditer(_source(name))]


def _text(name):
    return IMPORT.sub(r"const \1 = \2_module;", INDENT.sub("", COMMENT.sub("", _source(name))))


def _closed(name):
    text = EXPORT.sub("", _text(name))
    if odd := LEFT_OVER.search(text):
        raise ValueError(f"{name}.mjs can't be put in front of another module: {odd[0]}")
    return f"const {name}_module = (() => {{\n{text}return {{ {', '.join(_exported(name))} }};\n}})();\n"
