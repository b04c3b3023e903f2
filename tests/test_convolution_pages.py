"""The explorers of convolution and pooling in a browser, without a kernel: keys, guesses, own functions."""

from course.explorers import ConvBackwardExplorer, ConvExplorer, PoolExplorer, WeightSharingExplorer
from course.explorers.pool_arithmetic import receivers
from course.reference.layers import conv_backward_naive, conv_forward_naive, max_pool_forward_naive
from tests.explorer_pages import picture, set_from_python, settle, state


def wrong_in_one_cell(x, w, b, conv_param):
    out, cache = conv_forward_naive(x, w, b, conv_param)
    out[0, 0, 0, 1] += 1
    return out, cache


def test_cells_in_which_the_learners_function_differs_light_up_until_the_settings_change(show):
    right, wrong = (show(ConvExplorer(forward=f)) for f in (conv_forward_naive, wrong_in_one_cell))
    assert right.locator(".own").text_content() == "conv_forward_naive: right in all 16 cells."
    assert "1 of 16 cells differs: out[0, 1] is −6, yours is −5" in wrong.locator(".own").text_content()
    assert picture(right, ".output") != picture(wrong, ".output")

    wrong.get_by_label("stride S").press("ArrowRight")
    settle(wrong)
    assert wrong.locator(".own").text_content() == "wrong_in_one_cell: no answer for these settings yet."
    marked = ConvExplorer(forward=wrong_in_one_cell, stride=3)
    unmarked = picture(wrong, ".output")
    set_from_python(wrong, own=marked.own)
    assert "1 of 9 cells differs" in wrong.locator(".own").text_content()
    assert picture(wrong, ".output") != unmarked


def test_what_the_learners_function_raises_stands_in_the_explorer(show):
    def failing(x, w, b, conv_param):
        raise KeyError("strid")

    page = show(ConvExplorer(forward=failing), theme="dark", width=360)
    assert page.locator(".own.amiss").text_content() == "failing raised KeyError: 'strid' (its line 2)."


def test_the_size_of_the_output_is_guessed_before_it_is_seen(show):
    page = show(ConvExplorer())
    for n, right in ((1, True), (2, False)):
        page.locator(".ask").press("Enter")
        settle(page)
        assert not page.locator(".formula").is_visible() and not page.locator(".output").is_visible()
        traits = state(page)
        rows, columns = ((traits[side] + 2 * traits["pad"] - traits["kernel"]) // traits["stride"] + 1
                         for side in ("height", "width"))
        page.keyboard.type(f"{rows} x {columns if right else columns + 1}")
        page.keyboard.press("Enter")
        settle(page)
        assert page.locator(".formula").is_visible() and page.locator(".output").is_visible()
        verdict = page.locator(".verdict").text_content()
        assert verdict == f"{'✓ Right.' if right else '✗ Not so.'} The output is {rows} × {columns}."
        assert page.locator(".score").text_content() == f"1 of {n} guessed right"
    assert (state(page)["guessed"], state(page)["right"]) == (2, 1)


def test_the_cells_of_dx_are_walked_by_keys_and_fed_by_dout(show):
    page = show(ConvBackwardExplorer())
    fed, window = picture(page, ".board.dout"), picture(page, ".board.wide")
    page.locator(".board.dx").press("End")
    page.keyboard.press("ArrowUp")
    settle(page)
    assert state(page)["position"] == 19
    assert page.locator(".words").text_content() == "dx[3, 4] = −5, fed by 2 dout cells."
    assert picture(page, ".board.dout") != fed and picture(page, ".board.wide") != window
    lines = page.locator(".sum").text_content().splitlines()
    assert len(lines) == 3 and lines[-1] == "dx[3, 4] = −5"


def test_dw_and_db_grow_from_window_to_window(show):
    page = show(ConvBackwardExplorer(view="dw"), theme="dark", width=360)
    before = picture(page, ".board.kernel")
    page.locator(".forward").click()
    settle(page)
    assert page.locator(".words").text_content().startswith("After 2 of 9 windows: dout[0, 1] = −2, db = −1")
    assert picture(page, ".board.kernel") != before
    assert "dw[0, :] += −2" in page.locator(".sum").text_content()


def test_a_gradient_that_is_turned_the_wrong_way_lights_up(show):
    def unturned(dout, cache):
        dx, dw, db = conv_backward_naive(dout, cache)
        return dx, dw[:, :, ::-1, ::-1], db

    explorer = ConvBackwardExplorer(backward=unturned, view="dw", position=8)
    wrong, right = show(explorer), show(ConvBackwardExplorer(view="dw", position=8))
    assert "6 of 9 cells differ: dw[0, 1]" in wrong.locator(".own").text_content()
    assert picture(wrong, ".board.kernel") != picture(right, ".board.kernel")
    assert set(explorer.differing("dw")) == {(0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1)}


def test_pooling_follows_the_keys_forward_and_back(show):
    page = show(PoolExplorer(stride=1))
    before = picture(page, ".boards")
    page.locator(".output .board").press("End")
    page.get_by_label("way").select_option("backward")
    settle(page)
    assert (state(page)["position"], state(page)["view"]) == (24, "backward")
    assert page.locator(".words").text_content() == "dout[4, 4] = 3: x[4, 5] gets 3."
    assert page.locator(".dx .board").is_visible() and picture(page, ".boards") != before


def test_who_gets_the_gradient_is_guessed_on_the_input(show):
    page = show(PoolExplorer(size=3, stride=1, kind="median"), theme="dark", width=360)
    for right in (True, False):
        page.locator(".ask").press("Enter")
        settle(page)
        assert not page.locator(".dx").is_visible() and not page.locator(".words").is_visible()
        names = *PoolExplorer().settings, "position", "seed"
        explorer = PoolExplorer(**{name: state(page)[name] for name in names})
        (row, column), = receivers(explorer.pool, explorer.seed, explorer.position)
        page.locator(".input .board").press("Home")
        for key, times in (("ArrowDown", row), ("ArrowRight", column)):
            for _ in range(times):
                page.keyboard.press(key)
        page.keyboard.press(" ")
        if not right:
            page.keyboard.press("ArrowRight" if column < 5 else "ArrowLeft")
            page.keyboard.press(" ")
        page.get_by_role("button", name="reveal").press("Enter")
        settle(page)
        mark = "✓ Right." if right else "✗ Not so."
        assert page.locator(".verdict").text_content() == f"{mark} It goes to x[{row}, {column}]."
        assert page.locator(".dx").is_visible()
    assert (state(page)["guessed"], state(page)["right"]) == (2, 1)


def test_an_own_pooling_that_is_wrong_lights_up(show):
    def halved(x, pool_param):
        out, cache = max_pool_forward_naive(x, pool_param)
        return out // 2, cache

    wrong, right = show(PoolExplorer(forward=halved)), show(PoolExplorer(forward=max_pool_forward_naive))
    said = wrong.locator(".own.amiss").text_content()
    assert said.startswith("halved: 9 of 9 cells differ: out[0, 0] is 86")
    assert right.locator(".own").text_content() == "max_pool_forward_naive: right in all 9 cells."
    assert picture(wrong, ".output .board") != picture(right, ".output .board")


def test_one_weight_changes_all_outputs_where_it_is_shared_and_one_where_it_is_not(show):
    page = show(WeightSharingExplorer(change=0))
    quiet = picture(page, ".output")
    page.locator(".kernel").press("ArrowRight")
    page.keyboard.press("+")
    settle(page)
    assert (state(page)["chosen"], state(page)["change"]) == (1, 1)
    said = "b = w[0, 1] stands 9× in the matrix, once in each row. +1 on it changes all 9 outputs."
    assert page.locator(".words").text_content() == said
    shared = picture(page, ".output")
    page.get_by_label("layer").select_option("locally connected")
    page.locator(".matrix").press("ArrowDown")
    settle(page)
    assert "of output 1 is a weight of its own" in page.locator(".words").text_content()
    assert len({quiet, shared, picture(page, ".output")}) == 3
