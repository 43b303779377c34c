"""`content.meta`: the English is talk about the task: a refusal, a preamble, or words of its instructions.

The instructions are the prompt files as they are used: the shipped ones and those of a user's folder. What the German
says as well is not an echo, so an article about prompts may be translated.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from presseschau.checks.bitext import Bitext, bitext
from presseschau.findings import Remark
from presseschau.lang import PAIR, SOURCE, any_of, regex, table
from presseschau.patterns import cached_on_disk, late

RUN = 4
"""Words in a row that an answer must not share with its instructions (`tests/measure/echoes.py`)."""
_CLAUSE = 3
"""Words of an instruction that is shorter, or of a piece of one in brackets, when they stand by themselves."""
_SHIPPED = Path(__file__).parent.parent / "prompts"
_WORD = late(r"#|[^\W\d_]+(?:['’][a-z]+)?")
_NUMBERS = late(r"\d+(?:\s*[-–,]\s*\d+)*")
_PLACE = late(r"\$\{?[a-z_]+\}?")
_QUOTED = late(r'"\$\{?[a-z_]+\}?"')
_NUMBER = late(r"\$\{?(?:n|first|numbers|points|sentences)\b\}?")
_FILLED = late(r"""["“”„‟'‘’][^"“”„\n]{1,300}["“”'’]""")
_EDGE = late(r"[.;:!?…\n\[\](){}|*]|\s[-–—]+\s|^[-–—]+\s")
_BRACKETS = late(r"\[([^\[\]]*)\]")


class _Wording(NamedTuple):
    en: str
    de: tuple[str, ...]


class _Known(NamedTuple):
    """The instructions as runs of words, as clauses that may stand alone (`short`: three words in a row of any), and as
    forms that quote something."""

    runs: frozenset[tuple[str, ...]]
    short: frozenset[tuple[str, ...]]
    clauses: frozenset[tuple[str, ...]]
    forms: tuple[tuple[str, frozenset[str]], ...]
    """Each with the words without which it fits nothing."""
    telling: frozenset[str]
    """Of each form the longest of these words."""


def echoed(answer: str, german: str, instructions: Sequence[str] = ()) -> tuple[int, int] | None:
    """The first words of `answer` that are its instructions' and that `german` does not account for, as offsets.

    `german` has a line for each sentence. `instructions` are the texts of a user's prompts; the shipped ones are always
    known.
    """
    for frame in any_of("en", "task_talk", "frame").finditer(answer):
        if not _framed(frame.group(), german):
            return frame.span()
    known = _known(tuple(instructions))
    for start, end in _found(answer, known):
        plain = _FILLED.sub(" ", answer[start:end])
        if not any(_said(plain, sentence) for sentence in german.splitlines() or [""]):
            return start, end
    return None


def _found(answer: str, known: _Known) -> Iterator[tuple[int, int]]:
    if not known.short.isdisjoint(_in_a_row(_spoken(answer), _CLAUSE)):  # else they share no words in a row
        yield from _shared(answer, known)
    folded = answer.casefold()
    if any(map(folded.__contains__, known.telling)):
        for form, needed in known.forms:
            if all(map(folded.__contains__, needed)):
                yield from (match.span() for match in re.finditer(form, answer))


def _shared(answer: str, known: _Known) -> Iterator[tuple[int, int]]:
    """Runs of words that the instructions have too; pieces in brackets and clauses that are theirs as a whole."""
    words = _words(answer)
    yield from _stretches(words, known.runs, RUN)
    for match in _BRACKETS.finditer(answer):
        inside = [word for word in words if match.start() < word[1] and word[2] < match.end()]
        if inside and len(list(_stretches(inside, known.short, _CLAUSE))) == 1 and len(inside) >= _CLAUSE:
            yield match.span()
    said, starts = [word for word, *_ in words], [start for _, start, _ in words]
    first = 0
    for end in [*(edge.start() for edge in _EDGE.finditer(answer)), len(answer)]:
        last = bisect_left(starts, end, first)
        if last - first >= _CLAUSE and tuple(said[first:last]) in known.clauses:
            yield words[first][1], words[last - 1][2]
        first = last


def _stretches(
    words: Sequence[tuple[str, int, int]], runs: frozenset[tuple[str, ...]], size: int
) -> Iterator[tuple[int, int]]:
    """The longest stretches of `words` of which every `size` in a row are a run."""
    start = None
    said = [word[0] for word in words]
    for i in range(len(words) - size + 2):
        hit = tuple(said[i : i + size]) in runs
        if hit and start is None:
            start = i
        elif not hit and start is not None:
            yield words[start][1], words[i + size - 2][2]
            start = None


def _framed(frame: str, german: str) -> bool:
    """Does the German have this number, sign or key as well?"""
    if "=" in frame:
        return "=" in german
    words = [word for word, *_ in _words(frame) if word != "#"]
    return frame in german or (bool(words) and all(_put(word, german.casefold()) for word in words))


def _said(words: str, german: str) -> bool:
    """Does the German account for these words: has it them, or their figures and counterparts of most of those with
    content?"""
    if " ".join(words.casefold().split()) in " ".join(german.casefold().split()):
        return True
    if not set(re.findall(r"\d+", words)) <= set(re.findall(r"\d+", german)):
        return False
    pair = bitext(german, words)
    content = pair.english.content
    left = [word for word in pair.leftover if not _put(word, german.casefold())]
    run = [word for word, *_ in _words(words)]
    if len(run) <= RUN and len(content) < 2:
        return bool(content) and (not left or run[-1] in ("a", "an", "the"))  # the size of the
    return 3 * len(left) <= len(content) and bool(content)


def _put(word: str, german: str) -> bool:
    """Does the German have what usually stands for this word of instructions?"""
    return any(word.startswith(row.en) and any(stem in german for stem in row.de) for row in _wordings())


@lru_cache(maxsize=1)
def _wordings() -> tuple[_Wording, ...]:
    return table(PAIR, "instruction_words", _Wording)


def _words(text: str) -> list[tuple[str, int, int]]:
    """The words in lower case with their offsets; figures in a row are one #."""
    flat = _NUMBERS.sub(lambda m: "#".ljust(len(m.group())), text)
    return [(m.group().casefold(), m.start(), m.end()) for m in _WORD.finditer(flat)]


def _spoken(text: str) -> list[str]:
    """The same words without their offsets."""
    return [word.casefold() for word in _WORD.findall(_NUMBERS.sub("#", text))]


def _in_a_row(words: Sequence[str], size: int) -> Iterator[tuple[str, ...]]:
    return zip(*(words[i:] for i in range(size)), strict=False)


@lru_cache(maxsize=1)
def _shipped() -> tuple[str, ...]:
    return tuple(path.read_text("utf-8") for path in sorted(_SHIPPED.rglob("*.txt")))


@lru_cache(maxsize=4)
def _known(own: tuple[str, ...]) -> _Known:
    return _in_instructions(own) if own else _Known(*_in_ours())


@cached_on_disk
def _in_ours() -> tuple[Any, ...]:
    return tuple(_in_instructions(()))


def _in_instructions(own: tuple[str, ...]) -> _Known:
    """What is filled in is not an instruction: a number counts as any number, another place ends a run, or is empty."""
    runs: set[tuple[str, ...]] = set()
    short: set[tuple[str, ...]] = set()
    clauses: set[tuple[str, ...]] = set()
    forms: set[tuple[str, frozenset[str]]] = set()
    for text in dict.fromkeys((*_shipped(), *own)):
        rendered = _NUMBER.sub("0", text.replace("$$", " "))
        spoken = [rendered.replace("$english", f"{kind} English") for kind in ("British", "American")]
        for piece in dict.fromkeys(part for one in spoken for part in (*_PLACE.split(one), _PLACE.sub("", one))):
            words = _spoken(piece)
            runs.update(_in_a_row(words, RUN))
            short.update(_in_a_row(words, _CLAUSE))
            clauses.update(tuple(_spoken(part)) for part in _EDGE.split(piece) if len(part) >= 2 * _CLAUSE - 1)
        forms.update(_form(line) for line in rendered.splitlines() if _QUOTED.search(line))
    whole = frozenset(clause for clause in clauses if len(clause) >= _CLAUSE)
    short.update(clause[:_CLAUSE] for clause in whole)
    telling = frozenset(max(needed, key=lambda word: (len(word), word), default="") for _, needed in forms)
    return _Known(frozenset(runs), frozenset(short), whole, tuple(sorted(forms)), telling)


def _form(line: str) -> tuple[str, frozenset[str]]:
    """The pattern of an instruction that quotes something, and its words; a short one must stand by itself."""
    parts = [re.findall(r"\w+", part) for part in _QUOTED.split(line)]
    form = rf"\W*{_FILLED.pattern}\W*".join(r"\W+".join(part) for part in parts)
    needed = frozenset(word.casefold() for part in parts for word in part)
    if sum(map(len, parts)) >= RUN:
        return rf"(?i){form}", needed
    return rf"(?i)(?:^|(?<=[.;:!?\[(\n-]))\W*{form}\W*(?:$|(?=[.;:!?\])\n]))", needed


CODE = "content.meta"
ECHO = "The answer holds words of the instructions that the German does not have."


def meta(pair: Bitext) -> tuple[Remark, ...]:
    """One remark if the English talks about the task where the German does not, else none."""
    de, en = pair.de, pair.en
    speaks = regex(SOURCE, "task_talk", "first_person").search(de)
    match = None if speaks else regex("en", "task_talk", "refusal").search(en)
    if match is None and not regex(SOURCE, "task_talk", "task").search(de):
        match = any_of("en", "task_talk", "preamble").search(en) or any_of("en", "task_talk", "echo").search(en)
    if match is None:
        echo = echoed(en, de)
        return (Remark(CODE, en=echo, message=ECHO),) if echo else ()
    message = f"The English talks about the task instead of translating: “{match[0].strip()}”."
    return (Remark(CODE, en=match.span(), message=message),)
