"""Progress of work that takes longer than a breath."""

from tqdm.auto import tqdm


class Bar(tqdm):
    """A bar that goes when the work is done."""

    monitor_interval = 0  # no thread: there are none in a browser


def bar(total, what, *, unit, shown, **options):
    """Return a progress bar, to be used in a `with` statement; shown: whether to draw it."""
    return Bar(total=total, desc=what, unit=unit, disable=not shown, leave=False, **options)
