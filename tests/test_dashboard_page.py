"""The training dashboard in a browser."""

import numpy as np

from course.explorers import Dashboard
from tests.explorer_pages import picture, scrolls_sideways, set_from_python, settle, state

CURVES = {"loss": [[i, 2 / i] for i in range(1, 40)], "training": [[1, 0.1], [39, 0.5]],
          "validation": [[1, 0.1], [39, 0.4]], "update/W1": [[i, 0.01 / i] for i in range(1, 40)],
          "dead": [[1, 0.0], [39, 0.25]]}


def running():
    filters = np.arange(3 * 4 * 4 * 3, dtype=np.uint8).tobytes()
    return Dashboard(curves=CURVES, state="running", iteration=39, iterations=100, epoch=2, learning_rate=0.1,
                     filters=filters, filter_shape=[3, 4, 4])


def test_buttons_and_slider_tell_the_training_by_keyboard(show):
    page = show(running())
    page.get_by_label("learning rate").press("ArrowLeft")
    page.get_by_role("button", name="pause").press("Enter")
    settle(page)
    assert (state(page)["learning_rate"], state(page)["paused"]) == (0.05, True)
    assert page.get_by_role("button", name="go on").is_visible()
    page.get_by_role("button", name="stop").press("Enter")
    settle(page)
    assert state(page)["stopped"] and page.evaluate("model.saved") >= 2


def test_what_the_training_reports_is_drawn(show):
    page = show(running())
    chart = picture(page, ".charts figure")
    set_from_python(page, curves=CURVES | {"loss": CURVES["loss"] + [[60, 1.5]]}, iteration=60)
    assert picture(page, ".charts figure") != chart
    assert "iteration 60 of 100" in page.locator(".formula").text_content()
    assert page.locator(".weights canvas").is_visible()


def test_a_failure_is_said_and_a_training_that_is_over_cannot_be_paused(show):
    page = show(running(), {"state": "failed", "error": "ZeroDivisionError: oh"}, width=360)
    assert page.locator(".sentence").text_content() == "The training stopped: ZeroDivisionError: oh"
    assert page.get_by_role("button", name="pause").is_disabled()
    assert not scrolls_sideways(page)
