"""What becomes of inputs that are a little wrong, for as_before.py: files, sentences, pairs, answers, claims, notes.

Each is bent in the `WAYS` of a list: of the lines of a file, of the words of a sentence, of the items of an answer.
That leads to both sides of limits and into branches where whole inputs never come. Nothing may break but with an error
of ours.
"""

from __future__ import annotations

import asyncio
import copy
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from itertools import chain, cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from own_analysis import RICH, own

import briefing_world
import pinned
from note_sample import sample
from presseschau.analysis import Options, analyze
from presseschau.briefing.brief import brief
from presseschau.briefing.verify import verify
from presseschau.errors import PresseschauError
from presseschau.facts import compare, facts
from presseschau.ingest import iter_articles
from presseschau.models import Analysis, EngineInfo
from presseschau.notes import Note
from presseschau.output import FORMATS, NOTE_FORMATS, rendered, rendered_note
from scripted import ScriptedEngine

Made = Iterable[tuple[str, list[str]]]
Way = Callable[[list[str]], list[str]]
_OTHER_DIGITS = str.maketrans("0123456789", "1234567890")
_NO_MARKS = str.maketrans("", "", "„“”»«\"'()[]:;,-–")
WAYS: dict[str, Way] = {
    "every third gone": lambda parts: [part for n, part in enumerate(parts) if n % 3 != 1],
    "every fifth gone": lambda parts: [part for n, part in enumerate(parts) if n % 5 != 3],
    "first third gone": lambda parts: parts[len(parts) // 3 :],
    "second half gone": lambda parts: parts[: len(parts) // 2],
    "doubled": lambda parts: [part for part in parts for _ in range(2)],
    "swapped": lambda parts: [*chain(*((b, a) for a, b in zip(parts[::2], parts[1::2], strict=False)))],
    "backwards": lambda parts: parts[::-1],
    "none empty": lambda parts: [part for part in parts if part.strip()],
    "empty between": lambda parts: [one for part in parts for one in (part, "")],
    "joined": lambda parts: [" ".join(parts)],
    "other digits": lambda parts: [part.translate(_OTHER_DIGITS) for part in parts],
    "no marks": lambda parts: [part.translate(_NO_MARKS) for part in parts],
    "capitals": lambda parts: [part.upper() if n % 2 else part for n, part in enumerate(parts)],
    "odd spaces": lambda parts: [part.replace(" ", " \u00a0") + "\r" for part in parts],
    "cut": lambda parts: [part[: max(1, len(part) * 2 // 3)] for part in parts],
    "sixfold": lambda parts: parts * 6 if len(parts) < 40 else parts,
    "long": lambda parts: [part * 9 if n % 7 == 2 else part for n, part in enumerate(parts)],
}


def files(read: dict[str, str]) -> Made:
    """What is read of the files of each pattern, their lines bent."""
    with TemporaryDirectory() as name:
        for about, pattern in read.items():
            paths = [path for path in sorted(pinned.FIXTURES.glob(pattern)) if path.suffix not in (".gz", ".zst")]
            for how, way in WAYS.items():
                yield f"{about}, {how}", [line for path in paths for line in _read(path, way, Path(name))]


def _read(path: Path, way: Way, folder: Path) -> Iterator[str]:
    bent = folder / path.name
    lines = path.read_bytes().decode("utf-8", "surrogateescape").split("\n")
    bent.write_bytes("\n".join(way(lines)).encode("utf-8", "surrogateescape"))
    for item in iter_articles(bent):
        yield repr(item).replace(str(bent), path.name)
    bent.unlink()


def words_bent(way: Way, text: str) -> str:
    return " ".join(way(text.split(" ")))


def sentences() -> Made:
    """What is read in German and English sentences, their words bent, and how they compare with what they were."""
    pairs = pinned.rows("pinned.jsonl")[::8]
    for how, way in WAYS.items():
        said = []
        for row in pairs:
            german, english = facts(words_bent(way, row["de"]), "de"), facts(words_bent(way, row["en"]), "en")
            both = [(name, one) for one in (german, english) for name in one.concepts]
            said += [f"{name} {fact}" for name, one in both for fact in getattr(one, name)]
            said += map(repr, compare(german, facts(row["en"], "en")))
        yield how, said


def pairs() -> Made:
    """What is found about pairs and claims of which one side's words are bent."""
    rows = pinned.rows("pinned.jsonl")[3::17]
    claims = pinned.rows("pinned_claims.jsonl")[::17]
    for how, way in WAYS.items():
        of = partial(words_bent, way)
        yield (
            how,
            [
                *(line for row in rows for line in pinned.pair(row | {"en": of(row["en"])})),
                *(line for row in rows[::2] for line in pinned.pair(row | {"de": of(row["de"])})),
                *(line for row in claims for line in pinned.claim(row | {"text": of(row["text"])})),
            ],
        )


def bend(value: Any, way: Way, words: bool) -> Any:
    """An answer, or anything of JSON: the words of its texts bent, or else its lists."""
    if isinstance(value, dict):
        return {key: bend(one, way, words) for key, one in value.items()}
    if isinstance(value, list):
        every = [bend(one, way, words) for one in value]
        return every if words or not every or isinstance(every[0], int) else items_bent(every, way)
    return words_bent(way, value) if words and isinstance(value, str) and " " in value else value


def items_bent(items: list[Any], way: Way) -> list[Any]:
    """The items in the order, and as often, as the way has their numbers."""
    names = way([f"i{n}" for n in range(len(items))])
    numbers = [int(name[1:]) for name in names if name[1:].isdigit()]
    return [copy.deepcopy(items[n]) for n in numbers if n < len(items)]


class Bent(ScriptedEngine):
    """Gives the answers of `good`, the first of each task bent, and every third from then on."""

    def __init__(self, good: Callable[[Any], Any], way: Way, words: bool, **settings: Any) -> None:
        told = dict[str, int]()

        def reply(request: Any) -> Any:
            if request.reader:
                return {"errors": items_bent(_marked(request.messages[-1].content), way)}
            told[request.task] = told.get(request.task, -1) + 1
            return bend(good(request), way, words) if told[request.task] % 3 == 0 else good(request)

        super().__init__(reply, **settings)


def _marked(asked: str) -> list[dict[str, Any]]:
    """One text is called wrong by a word that it has, one by a German word, one by a word that is not there."""
    items = re.findall(r"^\[(\d+)\] German: (\w+).*\nEnglish: .*?(\w+)[^\w\n]*$", asked, re.MULTILINE)
    said = cycle((("mistranslation", "major", True), ("number", "critical", None), ("fluency", "minor", False)))
    return [
        {"n": int(n), "kind": kind, "severity": grade, "en": english if there else None if there is None else "nowhere",
         "de": german if there is None else None, "why": f"Of {german}."}
        for (n, german, english), (kind, grade, there) in zip(items, said, strict=False)
    ]  # fmt: skip


def answers() -> Made:
    """Analyses of an article with bent answers, with all that was asked; of every second one with a second reader."""
    named = cycle(briefing_world.articles().items())
    settings: Iterator[dict[str, Any]] = cycle(({}, {"english_first": True}, {"small": True}))
    for n, (how, way) in enumerate(WAYS.items()):
        for words in (True, False):
            name, article = next(named)
            good = partial(briefing_world.answered, good=briefing_world.answers(briefing_world.FIRST, name))
            engine = Bent(good, way, words, **next(settings))
            if n % 2:
                engine.info = replace(engine.info, reader=EngineInfo("judge", "judge"))
            made = asyncio.run(analyze(article, engine, Options(rounds=n % 3, samples=1 + n % 2)))
            taken = f"{made.provenance.repairs} {made.provenance.usage.requests}"
            asked = [f"{one.task} {one.reader} {one.max_tokens} {one.messages[-1].content}" for one in engine.requests]
            told = made.model_dump_json(indent=1, exclude={"provenance"}).splitlines()
            yield f"{how}, {'words' if words else 'items'}", [*told, taken, *asked]


def notes() -> Made:
    """Notes of the articles in another order, and fewer of them, with bent answers; what is found in bent notes."""
    known, engine = briefing_world.analyses(), briefing_world.engine()
    wishes = cycle(({}, {"pages": 1}, {"pages": 4}, {"topic": "fire"}, {"since": "2026-03-13"}))
    good = asyncio.run(brief(known, engine)).model_dump(mode="json")
    for how, way in WAYS.items():
        yield (
            f"{how}, written",
            _written(items_bent(known[::2], way), Bent(engine.reply, way, words=True), next(wishes)),
        )
        bent = bend(good, way, words=True)
        yield f"{how}, verified", _verified(good | {key: bent[key] for key in ("bottom_line", "key_points", "stories")})


def tampered() -> Made:
    """What is found in a note with changes of which one part is bent, in its items or in its words."""
    known = briefing_world.analyses()
    before = asyncio.run(brief([one for one in known if (one.article.published or "") < "2026-03-12"], _nobody()))
    good = asyncio.run(brief(known, _nobody(), previous=before)).model_dump(mode="json")
    for how, words in (("every third gone", False), ("swapped", False), ("other digits", True), ("swapped", True)):
        bent = bend(good, WAYS[how], words)
        for part in (part for part in good if bent[part] != good[part]):
            yield f"{part}, {how}, {'words' if words else 'items'}", _verified(good | {part: bent[part]})


def _nobody() -> ScriptedEngine:
    """A model so small that it is asked nothing."""
    return ScriptedEngine(None, small=True)


def _written(some: list[Analysis], engine: ScriptedEngine, wish: dict[str, Any]) -> list[str]:
    try:
        note = asyncio.run(brief(some, engine, **wish))
    except PresseschauError as error:
        return [f"{type(error).__name__} {error}"]
    return note.model_dump_json(indent=1, exclude={"provenance", "seal"}).splitlines()


def _verified(note: dict[str, Any]) -> list[str]:
    try:
        return [repr(one) for one in verify(Note.model_validate(note))]
    except ValueError as error:
        return [str(error)]


def forms() -> Made:
    """Each form of an analysis and of a note of which a third is not there."""
    whole = own(RICH).model_dump(mode="json")
    for how in ("every third gone", "first third gone", "second half gone", "doubled", "capitals"):
        bent = bend(whole, WAYS[how], words=how == "capitals")
        some = whole | {key: bent[key] for key in ("translation", "claims", "findings")} | {"summary": None}
        made = Analysis.model_validate(some)
        parts = (made, made.model_copy(update={"translation": None}), made.model_copy(update={"claims": None}))
        note = bend(sample().model_dump(mode="json"), WAYS[how], words=how == "capitals")
        kept = Note.model_validate(sample().model_dump(mode="json") | {key: note[key] for key in _SHOWN})
        yield (
            how,
            [
                *(line for one in parts for form in FORMATS for line in lines(rendered(one, form))),
                *(line for form in NOTE_FORMATS for line in lines(rendered_note(kept, form))),
            ],
        )


_SHOWN = ("bottom_line", "key_points", "stories", "others", "left_out", "changes")


def lines(made: str | bytes) -> list[str]:
    """What is made as text; of a Word file its text and footnotes."""
    if isinstance(made, str):
        return made.splitlines()
    with zipfile.ZipFile(io.BytesIO(made)) as file:
        texts = [name for name in file.namelist() if name in ("word/document.xml", "word/footnotes.xml")]
        return [line for name in texts for line in file.read(name).decode().splitlines()]
