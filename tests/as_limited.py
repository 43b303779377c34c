"""What is made of a sample when a limit, share or score that a module names is another, for as_before.py.

Limits are far from what small inputs have; each is set to a few low values, and what names it is run on a sample.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from functools import _lru_cache_wrapper, partial
from itertools import pairwise, product
from types import CodeType, FrameType
from typing import Any
from unittest.mock import patch

from case_files import LAYOUT, read_case

import as_crossed
import as_packed
import pinned
import presseschau
from made_files import docx, epub, packed, pdf, set_lines
from presseschau.facts import compare, facts
from presseschau.ingest import read_article

Made = Iterable[tuple[str, list[str]]]
Sample = Callable[[], object]
_TABLES = {
    "gazetteer", "_german", "lexicon", "_weights", "_ordinary", "_names", "house_glossary", "poles", "_by_english",
    "_known", "_shipped", "left_words", "_identifier", "identifier",
}  # fmt: skip
"""Caches of tables, which take long to fill."""
_LOW: dict[str, tuple[float, ...]] = {"ingest": (0, 1, 3, 12, 60), "facts": (0, 1, 3, 12), "checks": (0, 4)}


def ingest() -> Iterator[Sample]:
    exports = pinned.FIXTURES / "ingest" / "exports"
    prose = "\n".join(as_packed._PROSE)
    made = [
        docx(as_packed._PROSE), epub({"a.xhtml": f"<h1>Rat</h1><p>{prose}</p>", "b.xhtml": f"<p>{prose}</p>"}),
        pdf([set_lines(as_packed._PROSE), set_lines(as_packed._PROSE)]), packed({"a.txt": prose, "b/c.txt": prose}),
        *(path.read_bytes() for path in sorted(exports.iterdir()) if path.suffix not in (".md", ".json")),
        *((exports / name).read_bytes() for name in ("feed.json", "fundus.json", "ninjs.json", "clip.md")),
        *(path.read_bytes() for path in sorted((pinned.FIXTURES / "ingest/html").glob("*.html"))[::6]),
        *(path.read_bytes() for path in sorted((pinned.FIXTURES / "ingest/unread").iterdir()) if path.suffix != ".md"),
    ]  # fmt: skip
    texts = [read_case(path).text for path in sorted(LAYOUT.glob("*.layout"))[::3]]
    yield from (partial(as_packed.read, data) for data in made)
    yield from (partial(as_crossed._article, text) for text in texts)
    broken = "".join(text[:300] for text in texts[:4]).encode().decode("cp1252", "replace")
    yield partial(read_article, broken, source="", lang_check=False)


def checks() -> Iterator[Sample]:
    rows = pinned.rows("pinned.jsonl")[11::150]
    for one, other in pairwise(rows):
        for en in (one["en"], other["en"], as_crossed._mixed(one["en"], other["de"], 4), f"{one['en']} {one['de']}",
                   one["en"][: len(one["en"]) // 3], " ".join(one["en"].split()[:3] * 9)):  # fmt: skip
            yield partial(pinned.pair, {"de": one["de"], "en": en})
    yield from (partial(pinned.claim, row) for row in pinned.rows("pinned_claims.jsonl")[9::150])
    yield from (partial(pinned.note, row) for row in pinned.rows("pinned_notes.jsonl")[3::50])
    yield from (partial(pinned.translation, row) for row in pinned.rows("pinned_translations.jsonl")[:60:20])


def read_facts() -> Iterator[Sample]:
    for row in pinned.rows("pinned.jsonl")[13::60]:
        yield partial(_read, row)


def _read(row: dict[str, str]) -> list[str]:
    german, english = facts(row["de"], "de"), facts(row["en"], "en")
    found = [f"{name} {fact}" for name in german.concepts for fact in getattr(german, name)]
    return [*found, *map(repr, compare(german, english))]


def _of_room(room: str, samples: Callable[[], Iterator[Sample]]) -> Made:
    """Under each name of a number: what the samples that read it come to with each value."""
    found = pkgutil.walk_packages([f"{presseschau.__path__[0]}/{room}"], f"presseschau.{room}.")
    modules = [importlib.import_module(one.name) for one in found]
    every = [*samples()]
    for sample in every:  # fills the tables
        _tried(sample)
    caches = _caches()
    run = [_named(sample, caches) for sample in every]
    for module in modules:
        for name, value in sorted(vars(module).items()):
            if not name.isupper() or type(value) not in (int, float):
                continue
            holders = {one.__file__: one for one in modules if vars(one).get(name) is value}
            read = [sample for sample, named in zip(every, run, strict=True) if named & {(p, name) for p in holders}]
            said = []
            for sample, low in product(read[: len(_LOW[room]) - 1], _LOW[room]):
                with ExitStack() as stack:
                    for one in holders.values():
                        stack.enter_context(patch.object(one, name, type(value)(low)))
                    _clear(caches)
                    said.append(f"{low} {_tried(sample)}")
            if said:
                yield f"{module.__name__}.{name}", said
    _clear(caches)


def _tried(sample: Sample) -> object:
    try:
        return sample()
    except Exception as error:  # noqa: BLE001  of any kind: no limit is ever that low
        return type(error).__name__


def _named(sample: Sample, caches: list[Any]) -> set[tuple[str, str]]:
    """The files whose code runs for it, each with every name that it has."""
    ran: set[CodeType] = set()

    def called(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            ran.add(frame.f_code)

    _clear(caches)
    sys.setprofile(called)
    try:
        _tried(sample)
    finally:
        sys.setprofile(None)
    return {(code.co_filename, name) for code in ran for name in _names(code)}


def _names(code: CodeType) -> set[str]:
    """And those of what is written within: what is code of its own there differs from Python to Python."""
    inner = (one for one in code.co_consts if isinstance(one, CodeType))
    return {*code.co_names, *(name for one in inner for name in _names(one))}


def _caches() -> list[Any]:
    modules = [one for name, one in sorted(sys.modules.items()) if name.startswith("presseschau.")]
    classes = [one for module in modules for one in vars(module).values() if isinstance(one, type)]
    found = [
        one for owner in (*modules, *classes) for one in vars(owner).values() if isinstance(one, _lru_cache_wrapper)
    ]
    kept = (one for one in found if one.__name__ not in _TABLES)
    return [one for one in kept if not (one.__module__ or "").startswith("presseschau.lang")]


def _clear(caches: list[Any]) -> None:
    for one in caches:
        one.cache_clear()


SETS: dict[str, Callable[[], Made]] = {
    "limited ingest": partial(_of_room, "ingest", ingest), "limited checks": partial(_of_room, "checks", checks),
    "limited facts": partial(_of_room, "facts", read_facts),
}  # fmt: skip
