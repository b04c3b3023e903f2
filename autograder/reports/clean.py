"""Make what comes from a student's process harmless to show: text escaped, HTML cleaned, sizes capped."""

import base64
import binascii
import re
import unicodedata
from functools import lru_cache
from html import escape

import nh3
from nbconvert.filters import strip_ansi
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

LEXER, FORMATTER = PythonLexer(stripnl=False), HtmlFormatter(nowrap=True)
TEXT_CHARACTERS = 4_000
CODE_CHARACTERS = 20_000
HTML_CHARACTERS = 60_000  # besides the pictures in it
PICTURE_BYTES = 400_000
BEGINS = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}

TABLES = {"table", "thead", "tbody", "tfoot", "tr", "th", "td", "caption"}
WORDS = {"b", "br", "code", "dd", "div", "dl", "dt", "em", "i", "li", "ol", "p", "pre", "small", "span"}
PROSE = {
    "strong",
    "sub",
    "sup",
    "u",
    "ul",
    "blockquote",
    "hr",
    "del",
    *(f"h{level}" for level in range(1, 7)),
}
SPANS = {"td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
VERDICT_STYLES = {
    *("border", "border-left", "border-collapse", "background", "padding", "margin", "max-width"),
    *("display", "gap", "flex-wrap", "text-align", "line-height", "opacity"),
    *("font-size", "font-weight", "font-variant-numeric", "white-space"),
}


class Budget:
    """Count what a page may still hold of each kind; what does not fit is left out and said."""

    def __init__(self, code=500_000, text=250_000, pictures=900_000):
        self._left = {"code": code, "text": text, "pictures": pictures}

    def take(self, kind, html, what):
        """Return the HTML, or a line that names what was left out."""
        if not self.holds(kind, html):
            return left_out(f"{what}: the page would become too large")
        self._left[kind] -= len(html)
        return html

    def holds(self, kind, text):
        """Return True when so much text still fits."""
        return len(text) <= self._left[kind]


def left_out(what):
    """Return a line in place of what is not shown."""
    return f'<p class="quiet">Not shown: {escape(what)}.</p>'


def one_line(text, characters=120):
    """Return a text as one printable line, cut with an ellipsis."""
    line = " ".join(str(text).split())
    line = "".join("\N{REPLACEMENT CHARACTER}" if is_control(letter) else letter for letter in line)
    return line if len(line) <= characters else line[: characters - 1] + "…"


def is_control(letter):
    """Return True for what steers a terminal or the direction of writing instead of showing something."""
    return unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Cn") and letter not in "\n\t\u200d"


def printed(text, characters=TEXT_CHARACTERS):
    """Return printed text as HTML: its beginning and end, without what steers a terminal."""
    text = both_ends(text, 50 * characters)  # more than that is not even read: lines may overwrite themselves
    lines = (line.rpartition("\r")[2] for line in strip_ansi(text).replace("\r\n", "\n").split("\n"))
    text = both_ends("\n".join(lines).rstrip(), characters)
    text = "".join("\N{REPLACEMENT CHARACTER}" if is_control(letter) else letter for letter in text)
    return f"<pre>{escape(text)}</pre>" if text.strip() else ""


def both_ends(text, characters):
    """Return a text, or its beginning and end when it is longer than so many characters."""
    if len(text) <= characters:
        return text
    half = characters // 2
    return f"{text[:half]}\n… the middle is left out: too much was printed …\n{text[-half:]}"


@lru_cache(maxsize=64)  # what is given in a lesson is shown to the whole class
def code(source):
    """Return Python source as coloured HTML with a number before each line."""
    cut = source[:CODE_CHARACTERS].rstrip()
    lines = highlight(cut, LEXER, FORMATTER).rstrip("\n").split("\n")
    html = "".join(f'<span class="line">{line}\n</span>' for line in lines)
    rest = left_out(f"{len(source) - len(cut):,} more characters") if len(source) > CODE_CHARACTERS else ""
    return f'<pre class="code">{html}</pre>{rest}'


def picture(mime, data, alt):
    """Return a picture from base64 text as an <img>, or a line that says why it is not shown."""
    problem = problem_of_picture(mime, data)
    return (
        left_out(problem) if problem else f'<img src="data:{mime};base64,{packed(data)}" alt="{escape(alt)}">'
    )


def problem_of_picture(mime, data):
    """Return why base64 text is not shown as a picture, or an empty text."""
    try:
        content = base64.b64decode(packed(data), validate=True)
    except (binascii.Error, ValueError):
        return "a picture that is damaged"
    if not content.startswith(BEGINS[mime]):
        return "a picture that is not what it says"
    if len(content) > PICTURE_BYTES:
        return f"a picture of {len(content) / 1e6:.1f} MB, at most {PICTURE_BYTES / 1e6:.1f} MB fit"
    return ""


def packed(data):
    """Return base64 text without its line ends."""
    return "".join(data.split())


def students_html(html):
    """Return HTML that a student's code made: words, tables and pictures; no style, link or script.

    Pictures stay when they are data: URIs (the course's plots come so, for the sake of their alt text).
    """
    if len(html) > 2 * PICTURE_BYTES:
        return left_out(f"HTML of {len(html):,} characters, at most {2 * PICTURE_BYTES:,} are read")
    cleaned = nh3.clean(
        html,
        tags=TABLES | WORDS | PROSE | {"img"},
        attributes={**SPANS, "img": {"src", "alt", "width"}},
        attribute_filter=only_pictures,
        url_schemes={"data"},
        link_rel=None,
    )
    if len(re.sub(r'src="[^"]*"', "", cleaned)) > HTML_CHARACTERS:
        return left_out(f"HTML of more than {HTML_CHARACTERS:,} characters")
    return f'<div class="made">{cleaned}</div>' if cleaned.strip() else ""


def only_pictures(tag, attribute, value):
    """Return an attribute's value; None, which drops it, for a source that is no picture in itself."""
    if (tag, attribute) != ("img", "src"):
        return value
    match = re.fullmatch(r"data:(image/png|image/jpeg);base64,([A-Za-z0-9+/=\s]+)", value)
    return value if match and not problem_of_picture(*match.groups()) else None


def students_markdown(source, pictures):
    """Return a written answer as HTML; pictures: {name: {mime: base64}} pasted into the cell."""
    cut = source[:CODE_CHARACTERS]
    if not cut.strip():
        return '<p class="quiet">Nothing is written here.</p>'
    html = MarkdownWithMath(renderer=IPythonRenderer(escape=True, exclude_anchor_links=True)).render(cut)
    cleaned = nh3.clean(html, tags=TABLES | WORDS | PROSE, attributes=SPANS, link_rel=None)
    pasted = "".join(
        picture(mime, data, f"Picture {one_line(name, 40)} in the written answer")
        for name, bundle in pictures.items()
        for mime, data in bundle.items()
        if mime in BEGINS
    )
    return f'<div class="made">{cleaned}{pasted}</div>'


def verdict_html(html):
    """Return a Verdict's message with nothing in it but what such a message is made of."""
    return nh3.clean(
        html,
        tags=TABLES | {"div", "strong", "small", "em", "details", "summary"},
        attributes={"*": {"style"}, "div": {"style", "title"}},
        filter_style_properties=VERDICT_STYLES,
        link_rel=None,
    )


def output_html(output, alt):
    """Return (kind for the Budget, HTML) of one nbformat output: a picture, else HTML, else text."""
    kind = output.get("output_type")
    if kind == "stream":
        return "text", printed(joined(output.get("text")))
    if kind == "error":
        name, value = one_line(output.get("ename", ""), 80), one_line(output.get("evalue", ""), 500)
        trace = printed("\n".join(map(str, output.get("traceback") or ())))
        line = f'<p class="error"><strong>{escape(name)}</strong> {escape(value)}</p>'
        return (
            "text",
            f"{line}<details><summary>Where it happened</summary>{trace}</details>" if trace else line,
        )
    data = output.get("data") or {}
    for mime in BEGINS:
        if mime in data:
            return "pictures", picture(mime, joined(data[mime]), alt)
    if "text/html" in data:
        html = students_html(joined(data["text/html"]))
        return "pictures" if "<img" in html else "text", html
    return "text", printed(joined(data.get("text/plain")))


def joined(text):
    """Return a notebook's text, which is one string or a list of lines."""
    return "".join(map(str, text)) if isinstance(text, list) else str(text or "")


def slug(text):
    """Return a text as part of an anchor."""
    return re.sub(r"[^A-Za-z0-9_-]", "-", text)[:80]
