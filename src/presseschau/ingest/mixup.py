"""Text written in one single-byte code page and read in another: `f¸r` for `für`, `Pr\u2030sident` for `Präsident`.

Unlike misread UTF-8 this leaves no shape to go by, so a closed list of frequent German words is the evidence.
The whole text was misread, so the whole text is put back, or nothing.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from presseschau.ingest.mojibake import Change

PAIRS = tuple(
    (written, read)
    for written in ("cp1252", "mac_roman", "cp850")
    for read in ("cp1252", "mac_roman", "cp850", "cp437", "cp1251", "cp852", "iso8859_5", "iso8859_7", "koi8_r",
                 "cp1253")
    if written != read
)  # fmt: skip
"""(code page the text was written in, code page it was read in), likeliest first."""

# Frequent words of German news with ä, ö, ü or ß; no form of them in another code page is a word of any language.
_FREQUENT = frozenset((
    "für", "über", "können", "könnte", "könnten", "müssen", "müsse", "müsste", "würde", "würden", "wäre", "wären",
    "hätte", "hätten", "während", "dafür", "darüber", "führt", "führte", "führen", "geführt", "einführung",
    "führung", "später", "spätestens", "früh", "früher", "frühere", "größte", "größten", "größere", "große",
    "großen", "großer", "großes", "straße", "straßen", "heißt", "heiße", "weiß", "außer", "außerdem",
    "außenminister", "schließlich", "schließen", "zurück", "möglich", "möglichkeit", "mögliche", "möchte",
    "möchten", "öffentlich", "öffentlichen", "öffentlichkeit", "nächste", "nächsten", "nächster", "präsident",
    "präsidenten", "präsidentin", "ministerpräsident", "gegenüber", "jährlich", "jährige", "jährigen", "länder",
    "ländern", "männer", "bürger", "bürgermeister", "bürgerinnen", "behörde", "behörden", "höhe", "höher",
    "zunächst", "natürlich", "erklärte", "erklärt", "erklärung", "europäische", "europäischen", "europäischer",
    "französische", "französischen", "österreich", "münchen", "köln", "düsseldorf", "zürich", "nürnberg",
    "türkei", "hören", "gehört", "gehören", "unterstützt", "unterstützung", "verfügung", "verfügbar", "fünf",
    "zwölf", "künftig", "künftigen", "zukünftig", "kürzlich", "tatsächlich", "ungefähr", "schön", "völlig",
    "plötzlich", "geschäft", "geschäfte", "verhältnis", "gespräch", "gespräche", "gesprächen", "änderung",
    "änderungen", "ähnlich", "ärzte", "überhaupt", "überraschend", "überzeugt", "übrigen", "üblich",
    "beschäftigt", "prüfen", "prüfung", "geprüft", "kämpfen", "vorwürfe", "wünschen", "flüchtlinge", "verhängt",
    "täglich", "ständig", "zuständig", "verstärkt", "stärker", "schäden", "geschädigt", "hauptsächlich", "häufig",
    "häuser", "fällt", "fälle", "zählt", "verkündet", "kündigte", "angekündigt",
))  # fmt: skip
_TOKEN = re.compile(r"\S*[^\x00-\x7f]\S*")
_ENOUGH = 2


def restore_mixup(text: str) -> tuple[str, str | None, list[Change]]:
    """`text` as it was written, the pair `read as>written in` (None if no change), and the changed words.

    Accepted if two words of the closed list come out, or one where hardly any word is affected, and every character
    outside ASCII becomes one that German news can hold.
    """
    tokens = list(dict.fromkeys(_TOKEN.findall(text)))
    if not any(any(char.isalpha() for char in token) for token in tokens):
        return text, None, []
    before = _listed(tokens)
    for written, read in PAIRS:
        table = _table(written, read)
        mended = [token.translate(table) for token in tokens]
        found = _listed(mended) - before
        if len(found) >= (_ENOUGH if len(tokens) > _ENOUGH + 1 else 1) and _is_german("".join(mended)):
            changes = [Change(old, new, True) for old, new in zip(tokens, mended, strict=True)]
            return text.translate(table), f"{read}>{written}", changes
    return text, None, []


@cache
def _table(written: str, read: str) -> dict[int, str]:
    """Character as read -> character as written; what the page cannot write becomes U+FFFF, which no text holds."""
    table = {}
    for byte in range(0x80, 0x100):
        shown = bytes([byte]).decode(read, errors="ignore") or chr(byte)
        table[ord(shown)] = bytes([byte]).decode(written, errors="ignore") or "\uffff"
    return table


def _listed(tokens: list[str]) -> set[str]:
    return {word for token in tokens for word in re.findall(r"[^\W\d_]+", token.lower()) if word in _FREQUENT}


def _is_german(text: str) -> bool:
    """Whether nearly all characters outside ASCII are German letters and usual signs, and none is lost."""
    high = [char for char in text if char > "\x7f"]
    usual = sum(char in "äöüÄÖÜß„“”‚‘’–—…«»‹›§€°éèáàêôç\xa0" for char in high)
    return usual >= 0.9 * len(high) and all(unicodedata.category(char) not in ("Cc", "Cn", "Co") for char in high)
