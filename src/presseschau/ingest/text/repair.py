"""Undo encoding damage in text: our code-page vote, then residue letters, then ftfy where something still looks odd.

The order matters: ftfy first would destroy the evidence that our vote needs (measured: 56 % instead of 100 % of the
words restored). What is not damaged is never touched, and a repair is kept only if it leaves the text less broken.

Residue: letters that a first, mistaken repair left behind (`lÀngerem` for `längerem`): a program read UTF-8 in one code
page and a mender took the result for another one. The wrong letters are computed from those two pages and put back only
where no European spelling has them. Mix-up: text written in one single-byte page and read in another (`f¸r` for `für`);
that leaves no shape to go by, so a closed list of frequent German words is the evidence, and the whole text is put back
or nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from presseschau.findings import flag
from presseschau.ingest.text.mojibake import (
    GERMAN,
    Replacement,
    broken_spots,
    code_page,
    has_suspect_pair,
    is_expected,
    peel,
    pictures,
)
from presseschau.lang import SOURCE, listed, rules
from presseschau.models import Finding, Repair
from presseschau.patterns import late

CHAINS = (
    ("iso8859_16", "cp1250"),
    ("iso8859_15", "cp1252"),
    ("iso8859_10", "cp1257"),
    ("iso8859_13", "cp1257"),
    ("iso8859_4", "cp1252"),
)
"""(code page the text was read in, code page the mender assumed), likeliest first."""

_RARE = "\u0180"  # from here on letters that no European orthography in use has, ș and ț apart
_ORIGINALS = "ŁŚŠŽŻŹČĆŘŐŰŞäöüßáàâçéèêíîïñóôøúýąćęłńóśźżčďěňřšťůžőűœæåãõëğışțășđėūīāģķļņ"


@cache
def residue_letters(read_as: str, mended_as: str) -> Mapping[str, str]:
    """Wrong letter -> original letter for one chain, where the wrong one cannot stand inside a word in small letters.

    These are capitals, and small letters that no European orthography in use has.
    """
    letters: dict[str, str] = {}
    for original in _ORIGINALS:
        wrong = _through(original, read_as, mended_as)
        if wrong is None or wrong == original or wrong in GERMAN:
            continue
        if wrong.isupper() or (wrong.isalpha() and wrong >= _RARE and wrong not in "șț"):
            letters.setdefault(wrong, original)
    return letters


def restore(text: str, read_as: str | None = None) -> tuple[str, str | None, list[Replacement]]:
    """`text` with residue letters put back, the chain that explains them (None if no change), and the changes.

    The chain that brings back most German letters is taken. Without any German letter nothing is changed, unless
    other damage has shown that the text was read in the code page `read_as`.
    """
    high = {char for char in set(text) if char > "\xbf"}.difference(GERMAN)
    if not high:
        return text, None, []
    best: tuple[int, str, str | None, list[Replacement]] = (0, text, None, [])
    for chain in CHAINS:
        letters = residue_letters(*chain)
        known = chain[0] == read_as
        if high.isdisjoint(wrong for wrong, original in letters.items() if known or original in GERMAN):
            continue
        changed = _put_back(text, letters)
        changes = [Replacement(a, b, True) for a, b in zip(text, changed, strict=True) if a != b]
        weight = len(changes) if known else sum(change.restored in GERMAN for change in changes)
        if weight > best[0]:
            best = (weight, changed, "+".join(chain), changes)
    return best[1:]


def _through(original: str, read_as: str, mended_as: str) -> str | None:
    mender = code_page(mended_as).meanings
    try:
        mended = bytes(mender[pictures(byte, read_as)[-1]][0] for byte in original.encode("utf-8")).decode("utf-8")
    except (KeyError, UnicodeDecodeError):
        return None
    return mended if len(mended) == 1 else None


def _put_back(text: str, letters: Mapping[str, str]) -> str:
    """The letters replaced inside words; at the start of one only German beginnings and letters of no orthography."""
    wrong = "".join(letters)
    inside = f"(?<=[^\\W\\d_])[{wrong}](?=[a-zäöüß])|(?<=[a-zäöüß])[{wrong}](?![^\\W\\d_])"
    goes_on = {rule.kind: rule.pattern for rule in rules(SOURCE, "umlauts").values()}
    starts = [
        rf"\b{char}(?=(?:{goes_on[original]})[a-zäöüß]*\b)" for char, original in letters.items() if original in goes_on
    ]
    foreign = [f"[{''.join(char for char in letters if char >= _RARE)}](?=[^\\W\\d_])"] if max(letters) >= _RARE else []
    return re.sub("|".join([inside, *starts, *foreign]), lambda match: letters[match.group()], text)


PAIRS = tuple(
    (written, read)
    for written in ("cp1252", "mac_roman", "cp850")
    for read in ("cp1252", "mac_roman", "cp850", "cp437", "cp1251", "cp852", "iso8859_5", "iso8859_7", "koi8_r",
                 "cp1253")
    if written != read
)  # fmt: skip
"""(code page the text was written in, code page it was read in), likeliest first."""

_TOKEN = late(r"\S*[^\x00-\x7f]\S*")
_ENOUGH = 2


def restore_mixup(text: str) -> tuple[str, str | None, list[Replacement]]:
    """`text` as it was written, the pair `read as>written in` (None if no change), and the changed words.

    Accepted if two words of the closed list come out, or one where hardly any word is affected, and every character
    outside ASCII becomes one that German news can hold.
    """
    tokens = list(dict.fromkeys(_TOKEN.findall(text)))
    if not any(any(char.isalpha() for char in token) for token in tokens):
        return text, None, []
    before, high = _listed(tokens), {char for token in tokens for char in token}
    for written, read in PAIRS:
        if high.isdisjoint(_shown(written, read)):
            continue
        table = _table(written, read)
        mended = [token.translate(table) for token in tokens]
        found = _listed(mended) - before
        if len(found) >= (_ENOUGH if len(tokens) > _ENOUGH + 1 else 1) and _is_german("".join(mended)):
            changes = [Replacement(old, new, True) for old, new in zip(tokens, mended, strict=True)]
            return text.translate(table), f"{read}>{written}", changes
    return text, None, []


@cache
def _shown(written: str, read: str) -> frozenset[str]:
    """What the letters look like that all words of the closed list have, if not like themselves."""
    shown = ((char, char.encode(written).decode(read, errors="ignore")) for char in "äöüÄÖÜß")
    return frozenset(seen or char.encode(written).decode("latin-1") for char, seen in shown if seen != char)


@cache
def _table(written: str, read: str) -> dict[int, str]:
    """Character as read -> character as written; what the page cannot write becomes U+FFFF, which no text holds."""
    table = {}
    for byte in range(0x80, 0x100):
        shown = bytes([byte]).decode(read, errors="ignore") or chr(byte)
        table[ord(shown)] = bytes([byte]).decode(written, errors="ignore") or "\uffff"
    return table


def _listed(tokens: list[str]) -> frozenset[str]:
    words = (word for token in tokens for word in re.findall(r"[^\W\d_]+", token.lower()))
    return listed(SOURCE, "umlaut_words").intersection(words)


def _is_german(text: str) -> bool:
    """Whether nearly all characters outside ASCII are German letters and usual signs, and none is lost."""
    high = [char for char in text if char > "\x7f"]
    usual = sum(char in "äöüÄÖÜß„“”‚‘’–—…«»‹›§€°éèáàêôç\xa0" for char in high)
    return usual >= 0.9 * len(high) and all(unicodedata.category(char) not in ("Cc", "Cn", "Co") for char in high)


_MAX_LAYERS = 4
_MAX_EXAMPLES = 5
_NOT_WINDOWS = late("[\x00-\x08\x0e-\x1f\x81\x8d\x8f\x90\x9d]")
_BESIDE = "[^\x00-\x7fäöüÄÖÜß\x84-\x9f]"  # what points to more than a sign
_LONE_CONTROL = late(
    f"(?<!{_BESIDE})[\x80\x82-\x84\x86-\x8c\x8e\x91-\x9c\x9e\x9f](?!{_BESIDE})"
    '|\x85(?=[ \t\n"“”«»’)!?,;\x93]|\\Z)|(?<=[„»"(\x84])\x85'  # elsewhere it is a line break
)


class Repaired(NamedTuple):
    """A text after repair, every change made, and what is still broken."""

    text: str
    repairs: tuple[Repair, ...] = ()
    findings: tuple[Finding, ...] = ()


def repair(text: str) -> Repaired:
    """`text` without encoding damage, the changes, and a warning `input.encoding` if damage is left.

    Damage by a code page that is not in `mojibake.CODECS` leaves the text unchanged. Clean text is returned as is.
    """
    if is_expected(text):
        return Repaired(text)
    repairs: list[Repair] = []
    mended = _undo_code_pages(text, repairs)
    if not repairs:
        mended = _undo_mixup(mended, repairs)
    mended = _run_ftfy(mended, repairs)
    mended = _restore_controls(mended, repairs)
    if mended != text and 2 * len(broken_spots(mended)) > len(broken_spots(text)):
        mended, repairs = text, []
    return Repaired(mended, tuple(repairs), _still_broken(mended))


def _undo_code_pages(text: str, repairs: list[Repair]) -> str:
    """Layer by layer; letters that an earlier mender left may hide a layer, and a layer may hide them."""
    read_as: str | None = None
    for _ in range(_MAX_LAYERS):
        layer = peel(text)
        if layer is not None:
            text, read_as, changes = layer
            repairs.append(_report("mojibake", read_as, changes))
        text, chain, changes = restore(text, read_as)
        if chain is not None:
            repairs.append(_report("residue", chain, changes))
        if layer is None and chain is None:
            break
    return text


def _undo_mixup(text: str, repairs: list[Repair]) -> str:
    text, pair, changes = restore_mixup(text)
    if pair is not None:
        repairs.append(_report("mixup", pair, changes))
    return text


def _restore_controls(text: str, repairs: list[Repair]) -> str:
    """C1 controls that stand alone are Windows-1252 signs read as Latin-1: `\\x84Ja\\x93` was „Ja“."""
    changes = [Replacement(control, _windows_sign(control), sure=True) for control in _LONE_CONTROL.findall(text)]
    if not changes or _NOT_WINDOWS.search(text):
        return text
    repairs.append(_report("controls", "cp1252", changes))
    return _LONE_CONTROL.sub(lambda match: _windows_sign(match.group()), text)


def _windows_sign(control: str) -> str:
    return control.encode("latin-1").decode("cp1252", errors="ignore") or control


def _run_ftfy(text: str, repairs: list[Repair]) -> str:
    lines = text.split("\n")
    suspects = [n for n, line in enumerate(lines) if has_suspect_pair(line)]
    if not suspects:
        return text
    import ftfy  # heavy: clean text never gets here

    config = ftfy.TextFixerConfig(uncurl_quotes=False, fix_c1_controls=False, unescape_html=False)
    changes: list[Replacement] = []
    for n in suspects:
        fixed = ftfy.fix_encoding(lines[n], config)
        if 4 * len(broken_spots(fixed)) > len(broken_spots(lines[n])):
            continue  # hardly better: ftfy guessed
        changes += _changed_words(lines[n], fixed)
        lines[n] = fixed
    if changes:
        repairs.append(_report("mojibake", "ftfy", changes))
    return "\n".join(lines)


def _changed_words(before: str, after: str) -> list[Replacement]:
    if before == after:
        return []
    pairs = zip(before.split(), after.split(), strict=False)
    words = [Replacement(old, new, sure=True) for old, new in pairs if old != new]
    return words or [Replacement(before[:40], after[:40], sure=True)]


def _report(kind: str, codec: str, changes: Sequence[Replacement]) -> Repair:
    distinct = dict.fromkeys(f"{change.damaged[:40]} -> {change.restored[:40]}" for change in changes)
    return Repair(kind=kind, codec=codec, count=len(changes), examples=tuple(distinct)[:_MAX_EXAMPLES])


def _still_broken(text: str) -> tuple[Finding, ...]:
    spots = broken_spots(text) + ["\ufffd"] * text.count("\ufffd")
    if not spots:
        return ()
    shown = ", ".join(repr(spot) for spot in dict.fromkeys(spots[:3]))
    message = f"The text looks encoding-damaged in {len(spots)} place(s), for example {shown}; these are unchanged."
    return (flag("input.encoding", message).stamped(),)
