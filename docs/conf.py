"""How Sphinx makes the site; autograder.site lays out the pages, and what they load, around this file."""

project = "Neural networks from scratch"
author = ""
copyright = ""
html_title = project

extensions = ["myst_nb", "sphinx.ext.autodoc"]
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_heading_anchors = 3
nb_execution_mode = "off"  # autograder.lectures has run them
nb_merge_streams = True
nb_ipywidgets_js = {"widgets.js": {}, "require.js": {}, "embed-amd.js": {}}

mathjax_path = "mathjax.js"  # in _static, as all that pages load
mathjax_options = {"defer": "defer"}
mathjax3_config = {"options": {"enableMenu": False}}  # its menu would fetch more

html_theme = "sphinx_book_theme"
html_theme_options = {"show_navbar_depth": 1, "use_download_button": False}
html_static_path = ["_static"]
html_extra_path = ["_extra"]
html_favicon = "_static/icon.svg"
html_context = {"default_mode": "auto"}
html_css_files = ["site.css"]
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
html_domain_indices = False

add_module_names = False
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True}


def as_written(app, what, name, obj, options, lines):
    """Show a docstring's first line as a sentence and the rest as it is laid out: equations, shapes."""
    first, *rest = "\n".join(lines).strip().split("\n\n", 1)
    sentence = " ".join(first.split()).replace("\\", "\\\\").replace("*", "\\*").replace("_", "\\_")
    block = ["", ".. code-block:: text", "", *(f"    {line}" for line in "".join(rest).splitlines())]
    lines[:] = [sentence, *(block if rest else []), ""]


def setup(app):
    """Connect to Sphinx."""
    app.connect("autodoc-process-docstring", as_written)
