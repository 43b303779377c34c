"""One article from a file, an address or standard input."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from presseschau.errors import InputError
from presseschau.models import Article


def read_source(source: str, *, repair: bool, lang_check: Literal["on", "off"]) -> Article:
    """The one article in `source`. Raises InputError if it cannot be read or holds several."""
    from presseschau.ingest import read_article

    try:
        data = Path(source).read_bytes()
    except OSError as error:
        raise InputError(f"{source} cannot be read: {error.strerror}.") from None
    return read_article(data, source=source, repair=repair, lang_check=lang_check)
