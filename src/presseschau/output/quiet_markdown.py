"""Foreign text in Markdown."""

from __future__ import annotations

import re

from presseschau.output.plain import one_line

_ACTIVE = re.compile(r"([\\`*_\[\]<~$@]|&(?=#?\w+;)|:(?=//)|(?<=www)\.|^[#>=+-]|#(?=#*$))", re.IGNORECASE)
_NUMBERED = re.compile(r"^(\d+)([.)])")


def quiet(text: str | None) -> str:
    """`text` on one line in which Markdown finds nothing to do: no link, no picture, no HTML, no list."""
    return _NUMBERED.sub(r"\1\\\2", _ACTIVE.sub(r"\\\1", one_line(text)))
