"""Explorers on a page without a kernel, and the maker of such pages."""

import pytest

from course import explorers
from course.explorers import ChannelExplorer, ConvExplorer
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


CUT_MENUS = """() => [...document.querySelectorAll("select")].filter((menu) => {
  if (!menu.offsetParent) return false;
  const least = menu.cloneNode(true);
  Object.assign(least.style, { position: "absolute", width: "auto" });
  menu.after(least);
  const cut = least.offsetWidth > menu.offsetWidth;
  least.remove();
  return cut;
}).map((menu) => menu.parentElement.firstChild.textContent)"""


@pytest.mark.parametrize("name", NAMES)
def test_menus_have_room_for_their_longest_choice(show, name):
    page = show(getattr(explorers, name)())
    for width in (1000, 380):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(CUT_MENUS) == []


@pytest.mark.parametrize("line", ["await fetch('/elsewhere').catch(() => 0)", "throw Error('oh')"])
def test_a_page_that_asks_elsewhere_or_raises_is_noticed(browser, line):
    with pytest.raises(AssertionError, match="elsewhere|oh"), showing(browser) as show:
        show(f"{line};\n{SILENT}")


def test_what_an_explorer_hears_ends_with_it(show):
    page = show(ConvExplorer())
    assert page.evaluate("model.hearers.length") > 0
    page.evaluate("end()")
    assert page.evaluate("model.hearers.length") == 0


def test_the_window_plays_pauses_and_steps_both_ways(show):
    page = show(ConvExplorer(stride=1))
    page.get_by_role("button", name="play").press("Enter")
    page.wait_for_function("model.get('position') > 2")
    page.get_by_role("button", name="pause").press("Enter")
    rested = state(page)["position"]
    page.wait_for_timeout(500)
    assert state(page)["position"] == rested
    for button, by in (("forward", 1), ("back", 0), ("back", -1)):
        page.get_by_role("button", name=button).press("Enter")
        assert state(page)["position"] == rested + by
    page.locator(".scrub").press("End")
    assert state(page)["position"] == 48
    page.locator(".speed").press("Home")
    assert page.locator(".speed + b").text_content() == "1/s"


def test_an_output_cell_shows_its_patch_and_an_input_cell_who_reads_it(show):
    page = show(ConvExplorer(stride=1))
    window = page.locator(".board.input .window").bounding_box()
    page.locator(".board.output").press("End")
    settle(page)
    moved = page.locator(".board.input .window").bounding_box()
    assert moved["x"] > window["x"] and moved["y"] > window["y"]
    before = picture(page, ".board.output")
    page.locator(".board.input").press("ArrowRight")
    assert picture(page, ".board.output") != before
    page.wait_for_function("document.querySelector('.live').textContent.includes('read by')")


def test_home_and_end_go_to_the_ends_of_a_slider_and_each_end_is_explained(show):
    page = show(ConvExplorer())
    for key, kernel in (("Home", 1), ("End", 11)):
        page.get_by_label("kernel F").press(key)
        settle(page)
        assert state(page)["kernel"] == kernel
        assert page.locator(".sentence").text_content()


@pytest.mark.parametrize("come", ["product.scrollIntoView()", "dispatchEvent(new Event('beforeprint'))"])
def test_a_board_out_of_sight_is_painted_when_it_comes_into_sight_or_is_printed(show, come):
    page = show(ChannelExplorer(channels=3, filters=4, size=6), height=300)
    page.evaluate("window.product = document.querySelector('.explorer .product')")
    page.wait_for_function("product.away")
    cells = "product.querySelector('canvas').toDataURL()"
    before = page.evaluate(cells)
    page.get_by_role("button", name="new numbers").click()
    settle(page)
    assert page.evaluate(cells) == before
    page.evaluate(come)
    page.wait_for_function(f"before => {cells} !== before", arg=before)
