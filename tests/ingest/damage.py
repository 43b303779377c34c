"""Break good text the way the web breaks it. Shares no table with the repairer: only codecs and ftfy itself."""

from __future__ import annotations

import random
from collections.abc import Callable

Damage = Callable[[str], str]


def misread(text: str, codec: str, lost: str = "keep") -> str:
    """UTF-8 bytes of `text` read as `codec`; bytes the codec lacks become C1 controls, U+FFFD or nothing.

    `lost`: "keep" (as browsers do), "replace" or "drop".
    """
    data = text.encode("utf-8")
    if lost == "replace":
        return data.decode(codec, errors="replace")
    if lost == "drop":
        return data.decode(codec, errors="ignore")
    return "".join(bytes([byte]).decode(codec, errors="ignore") or chr(byte) for byte in data)


def misread_bytewise(text: str, written: str, read: str) -> str:
    """Text written in one single-byte code page and read in another; what cannot be written becomes `?`."""
    data = text.encode(written, errors="replace")
    return "".join(bytes([byte]).decode(read, errors="ignore") or chr(byte) for byte in data)


def sample_chain(text: str, *, uncurl: bool = False, codec: str = "iso8859_16") -> str:
    """What happened to the sample article: UTF-8 read as ISO-8859-16, then mended by ftfy."""
    import ftfy

    return ftfy.fix_text(misread(text, codec), uncurl_quotes=uncurl)


def some_lines(text: str, damage: Damage, share: float, seed: int = 0) -> str:
    """`damage` applied to about `share` of the lines, at least one, chosen by `seed`."""
    chance = random.Random(seed)
    lines = text.split("\n")
    chosen = [n for n in range(len(lines)) if chance.random() < share] or [0]
    return "\n".join(damage(line) if n in chosen else line for n, line in enumerate(lines))
