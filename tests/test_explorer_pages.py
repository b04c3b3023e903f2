"""Explorers on a page without a kernel, and the maker of such pages."""

import pytest

from course import explorers
from course.explorers import ConvExplorer
from tests.explorer_pages import picture, scrolls_sideways, set_from_python, settle, showing, state

NAMES = sorted(explorers.__all__)
SILENT = "export default { render() {} };"


def test_a_key_changes_state_and_picture_and_the_kernel_would_hear_of_it(show):
    page = show(ConvExplorer())
    before = picture(page, ".board.output")
    page.get_by_label("stride S").press("ArrowRight")
    settle(page)
    assert state(page)["stride"] == 3
    assert picture(page, ".board.output") != before
    assert page.evaluate("model.saved") == 1


def test_a_trait_that_python_changes_is_drawn(show):
    page = show(ConvExplorer())
    before = picture(page, ".board.input")
    set_from_python(page, pad=2)
    assert picture(page, ".board.input") != before
    set_from_python(page, pad=1)
    assert picture(page, ".board.input") == before


def test_binary_traits_arrive_as_in_a_notebook(show):
    body = "el.textContent = model.get('x').getFloat32(0, true);"
    page = show(f"export default {{ render({{ model, el }}) {{ {body} }} }};", {"x": b"\x00\x00\xc0\x3f"})
    assert page.locator("main").text_content() == "1.5"


@pytest.mark.parametrize("name", NAMES)
def test_an_explorer_needs_no_kernel_and_fits_a_narrow_dark_page(show, name):
    page = show(getattr(explorers, name)(), theme="dark", width=360)
    assert page.locator(".explorer.dark").is_visible()
    assert not scrolls_sideways(page)


@pytest.mark.parametrize("line", ["await fetch('/elsewhere').catch(() => 0)", "throw Error('oh')"])
def test_a_page_that_asks_elsewhere_or_raises_is_noticed(browser, line):
    with pytest.raises(AssertionError, match="elsewhere|oh"), showing(browser) as show:
        show(f"{line};\n{SILENT}")


def test_what_an_explorer_hears_ends_with_it(show):
    page = show(ConvExplorer())
    assert page.evaluate("model.hearers.length") > 0
    page.evaluate("end()")
    assert page.evaluate("model.hearers.length") == 0
