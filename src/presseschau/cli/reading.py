"""`verify` with second readers: what code finds in a result or a pair, and what the readers find beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from presseschau.cli.analysing import report, run_with_engine

if TYPE_CHECKING:
    from presseschau.archive.prices import Limits
    from presseschau.checks import Glossary
    from presseschau.cli.groups import CacheChoice
    from presseschau.facts.encoder import Encoder
    from presseschau.llm.client import Client
    from presseschau.llm.engine import Choice
    from presseschau.models import Finding
    from presseschau.pipeline.asking import OtherTranslator

_PAIRS_AT_ONCE = 200
"""Of a file of pairs, so that it need not be held whole; some ten requests."""


def check_with_readers(
    reader: Choice | None,
    translator: OtherTranslator | None,
    cache: CacheChoice,
    limits: Limits,
    results: Sequence[Path] | None,
    pairs: Path | None,
    glossary: Glossary,
    encoder: Encoder | None,
    say: Callable[[str, Sequence[Finding]], None],
) -> None:
    """Says the findings of every result or pair. Raises what the reader's endpoint raises; what was said stands."""
    import asyncio
    from dataclasses import replace

    from presseschau.analysis import Options
    from presseschau.checks.files.pairs import Pair
    from presseschau.models import Analysis
    from presseschau.pipeline.second_reading import read_pairs as read_by
    from presseschau.pipeline.second_reading import read_stored as reread
    from presseschau.pipeline.second_translator import differences, differences_of_pairs
    from presseschau.results import check_pairs, read_pairs, read_stored, verify, verify_stored

    options = Options(glossary=glossary)

    async def work(engine: Client | None) -> None:
        for path in results or ():
            stored = read_stored(path, reviewed=True)
            if not isinstance(stored, Iterable):  # a note: its prose rests on claims, not on German
                for name, findings in verify_stored(path, glossary, encoder):
                    say(name, findings)
                continue
            for analysis in stored:
                assert isinstance(analysis, Analysis)
                more = (await reread(analysis, engine, options))[0] if engine else ()
                more += differences(analysis, translator) if translator else ()
                say(analysis.article.id, (*verify(analysis, glossary, encoder), *more))
        rows = read_pairs(pairs) if pairs else iter(())
        while some := list(islice(rows, _PAIRS_AT_ONCE)):
            checked = list(check_pairs(some, glossary, encoder))
            texts = [(row.de, row.en) if isinstance(row, Pair) else ("", "") for row in some]
            more_of = [()] * len(texts)
            of_pairs = (await read_by(texts, engine, options))[0] if engine else more_of
            otherwise = differences_of_pairs(texts, translator) if translator else more_of
            for (name, findings), *found in zip(checked, of_pairs, otherwise, strict=True):
                say(name, (*findings, *found[0], *found[1]))

    if reader is None:
        asyncio.run(work(None))
        return

    limits = replace(limits, price=limits.reader_price or limits.price)  # here the reader is the one who is asked
    taken = run_with_engine(work, reader, cache, options, quiet=False, budget=limits.budget(reader))[1]
    report(taken, None, quiet=False)
