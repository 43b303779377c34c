"""Progress in a notebook.

    await presseschau.analyze_many(["articles/"], Path("out.jsonl"), on_progress=notebook.progress())
    archives.index("archive.db", on_progress=notebook.progress())

A result or a note as the last line of a cell is shown as its page.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from time import monotonic
from typing import TYPE_CHECKING

from presseschau.errors import ConfigurationError

if TYPE_CHECKING:
    from presseschau.archive.progress import Progress

__all__ = ["progress"]

_EVERY = 0.5
"""Seconds between two looks."""


def progress() -> Callable[..., None]:
    """A listener for `on_progress` that keeps one line with a bar up to date. Raises ConfigurationError where there is
    no IPython."""
    try:
        from IPython.display import HTML, display
    except ImportError:
        raise ConfigurationError("This is no notebook: there is no IPython.") from None
    handle = display(HTML(""), display_id=True)
    last = 0.0

    def show(now: Progress | int, wanted: int | None = None) -> None:
        nonlocal last
        done, whole, said = (now, wanted, "") if isinstance(now, int) else (now.done, now.items, now.note)
        if done != whole and monotonic() - last < _EVERY:
            return
        last = monotonic()
        bar = f'<progress value="{done}" max="{whole}"></progress> ' if whole else ""
        handle.update(HTML(f"{bar}{done:,}{f' of {whole:,}' if whole else ''} {escape(said)}".rstrip()))

    return show
