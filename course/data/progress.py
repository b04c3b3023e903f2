"""Progress of work that takes longer than a breath."""

from tqdm.auto import tqdm


class Bar(tqdm):
    """A bar that needs no thread."""

    monitor_interval = 0  # there are no threads in a browser


def bar(total, what, *, unit, shown, **options):
    """Return a bar that goes when the work is done, for a `with` statement; shown: whether to draw it."""
    return Bar(total=total, desc=what, unit=unit, disable=not shown, leave=False, **options)
