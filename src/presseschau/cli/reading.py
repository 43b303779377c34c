"""`verify` with a second reader: what code finds in a result or a pair, and what the reader finds beside it."""

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

_PAIRS_AT_ONCE = 200
"""Of a file of pairs, so that it need not be held whole; some ten requests."""


def check_with_reader(
    reader: Choice,
    cache: CacheChoice,
    limits: Limits,
    results: Sequence[Path] | None,
    pairs: Path | None,
    glossary: Glossary,
    encoder: Encoder | None,
    say: Callable[[str, Sequence[Finding]], None],
) -> None:
    """Says the findings of every result or pair. Raises what the reader's endpoint raises; what was said stands."""
    from dataclasses import replace

    from presseschau.analysis import Options
    from presseschau.checks.files.pairs import Pair
    from presseschau.models import Analysis
    from presseschau.pipeline.second_reading import read_pairs as read_by
    from presseschau.pipeline.second_reading import read_stored as reread
    from presseschau.results import check_pairs, read_pairs, read_stored, verify, verify_stored

    options = Options(glossary=glossary)

    async def work(engine: Client) -> None:
        for path in results or ():
            stored = read_stored(path, reviewed=True)
            if not isinstance(stored, Iterable):  # a note: its prose rests on claims, not on German
                for name, findings in verify_stored(path, glossary, encoder):
                    say(name, findings)
                continue
            for analysis in stored:
                assert isinstance(analysis, Analysis)
                more, _ = await reread(analysis, engine, options)
                say(analysis.article.id, (*verify(analysis, glossary, encoder), *more))
        rows = read_pairs(pairs) if pairs else iter(())
        while some := list(islice(rows, _PAIRS_AT_ONCE)):
            checked = list(check_pairs(some, glossary, encoder))
            texts = [(row.de, row.en) if isinstance(row, Pair) else ("", "") for row in some]
            of_pairs, _ = await read_by(texts, engine, options)
            for (name, findings), found in zip(checked, of_pairs, strict=True):
                say(name, (*findings, *found))

    limits = replace(limits, price=limits.reader_price or limits.price)  # here the reader is the one who is asked
    taken = run_with_engine(work, reader, cache, options, quiet=False, budget=limits.budget(reader))[1]
    report(taken, None, quiet=False)
