"""The words of a language by name: `vocabulary(SOURCE, "months")`, looked up rather than tried one by one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from presseschau.lang import tables
from presseschau.patterns import cached_on_disk, late

_MARK = late(r"[()\[\]{}|*+?\\]")
_GROUP = late(r"\(([^()]*)\)(\??)")


class Entry(NamedTuple):
    """A line of a word table. `word` may hold several forms: sag(t|te|en|ten), kein(e|er|en)?. `value` is what it
    means, `use` what it is for, `region` where it is said if not everywhere."""

    word: str
    value: str = ""
    use: tuple[str, ...] = ()
    region: str = ""


def forms(word: str) -> Iterator[str]:
    """The forms that `word` stands for: each alternative of each group in brackets, and none where a ? follows it."""
    if word.isalpha():  # most: quicker
        yield word
    elif group := _GROUP.search(word):
        for ending in (*([""] if group[2] else []), *group[1].split("|")):
            yield from forms(word[: group.start()] + ending + word[group.end() :])
    elif _MARK.search(word):
        raise ValueError(f"“{word}” is not a word: only (a|b) and (a|b)? are written out")
    else:
        yield word


@cache
def vocabulary(lang: str, name: str, use: str = "", *, lower: bool = False) -> Mapping[str, str]:
    """Every form in `<name>.csv` of a language and its value, in the order of the file; with `use` only those that
    serve it, with `lower` in lower case.

    ValueError if a form stands there with two values.
    """
    return MappingProxyType(_vocabulary(lang, name, use, lower))


@cached_on_disk
def _vocabulary(lang: str, name: str, use: str, lower: bool) -> dict[str, str]:
    found: dict[str, str] = {}
    for entry in _serving(lang, name).get(use, ()) if use else tables.table(lang, name, Entry):
        word = entry.word.lower() if lower else entry.word
        for form in (word,) if word.isalpha() else forms(word):
            if found.setdefault(form, entry.value) != entry.value:
                raise ValueError(f"lang/{lang}/{name}.csv: “{form}” has two values")
    return found


@cache
def _serving(lang: str, name: str) -> Mapping[str, list[Entry]]:
    """The lines of a table by use."""
    found: dict[str, list[Entry]] = {}
    for entry in tables.table(lang, name, Entry):
        for use in entry.use:
            found.setdefault(use, []).append(entry)
    return found


@cache
def _endings(lang: str, use: str) -> Mapping[str, tuple[str, ...]]:
    """The endings, the longest first, by the letter that a word ends with; by "" what any word has."""
    known = sorted(vocabulary(lang, "endings", use), key=len, reverse=True)
    letters = dict.fromkeys(ending[-1:] for ending in ("", *known))
    return {letter: tuple(one for one in known if one[-1:] in ("", letter)) for letter in letters}


def cuts(lang: str, word: str, use: str) -> Iterator[tuple[str, str]]:
    """The word without each of its endings that `endings.csv` has for one use, longest first, and the ending."""
    known = _endings(lang, use)
    for ending in known.get(word[-1:]) or known[""]:
        if word.endswith(ending):
            yield word[: len(word) - len(ending)], ending


@cache
@cached_on_disk
def alternation(lang: str, name: str, use: str = "") -> str:
    """The same words as a group of a regular expression that finds the longest; those of `Name` with a capital."""
    words: Iterable[str] = vocabulary(lang, name.lower(), use)
    if not name.islower():
        words = (word[:1].upper() + word[1:] for word in words)
    return f"(?:{_tree(list(words))})" if words else "(?!)"


def _tree(words: list[str]) -> str:
    """A pattern that reads the words letter by letter, so that a long list is not tried word by word."""
    if len(words) == 1:
        return re.escape(words[0])
    behind: dict[str, list[str]] = {}
    for word in words:
        behind.setdefault(word[:1], []).append(word[1:])
    ends = "?" if behind.pop("", None) else ""
    branches = [re.escape(letter) + _tree(rest) for letter, rest in sorted(behind.items())]
    letters = "".join(one for one in branches if len(one) == 1)
    longer = [one for one in branches if len(one) > 1]
    if len(letters) > 1:
        letters = f"[{letters}]"
    if not longer:
        return letters + ends if letters else ""
    if len(longer) == 1 and not letters and not ends:
        return longer[0]
    return f"(?:{'|'.join([*longer, *([letters] if letters else [])])}){ends}"
