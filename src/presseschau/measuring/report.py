"""What was ever measured of embedded models, by us, as shipped in `measured.json`, and on this machine; and a
measurement in words: a column for each model, and under it what each is fit for.

`measured.json` is what `presseschau model check --json` printed. Figures belong to an identity, hence to a file's hash.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from importlib.resources import files
from pathlib import Path

from pydantic import ValidationError

from presseschau.errors import OutputError
from presseschau.measuring.figures import WORDS, ModelCheck, ModelFigures
from presseschau.storage.files import write_file

HERE = "checks.json"


def keep(check: ModelCheck, folder: Path) -> None:
    """Notes the figures in the folder of the models, each once; a quick look does not replace a whole check. A folder
    that cannot be written only forgets them."""
    if not folder.is_dir():
        return
    known = _here(folder)
    for one in check.models:
        if not check.quick or known.get(one.identity, check).quick:
            known[one.identity] = check.model_copy(update={"models": (one,)})
    text = json.dumps([one.model_dump(mode="json") for one in known.values()], indent=1)
    with suppress(OSError, OutputError):
        write_file(folder / HERE, text + "\n", sync=False)


def known_figures(folder: Path) -> dict[str, tuple[ModelCheck, ModelFigures]]:
    """By identity, those of this machine before those that are shipped."""
    shipped = ModelCheck.model_validate_json(files("presseschau").joinpath("measuring", "measured.json").read_bytes())
    return {one.identity: (check, one) for check in (shipped, *_here(folder).values()) for one in check.models}


def _here(folder: Path) -> dict[str, ModelCheck]:
    """What is noted in the folder; what cannot be read is forgotten."""
    try:
        found = [ModelCheck.model_validate(row) for row in json.loads((folder / HERE).read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError, RecursionError, ValidationError):
        return {}
    return {check.models[0].identity: check for check in found if check.models}


def report(check: ModelCheck) -> str:
    """Lines for people."""
    cells = [list(_cells(one)) for one in check.models]
    table = [["", *(one.model for one in check.models)]]
    table += [[label, *(dict(column).get(label, "-") for column in cells)] for label, _ in max(cells, key=len)]
    widths = [max(len(row[column]) for row in table) for column in range(len(table[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in table]
    for found in check.differences:
        sure = "better" if found.chrf.low > 0 else "worse" if found.chrf.high < 0 else "not told apart"
        chrf = f"{found.chrf.value:+.1f} ({found.chrf.low:+.1f} to {found.chrf.high:+.1f})"
        lines += ["", f"{found.model} against {found.than}: chrF {chrf}, {sure} on the same sentences."]
    for one in check.models:
        lines += ["", *_said(one, quick=check.quick)]
    return "\n".join(lines) + "\n"


def _cells(one: ModelFigures) -> Iterator[tuple[str, str]]:
    translation, claims, summary, answers, taken = one.translation, one.claims, one.summary, one.answers, one.taken
    yield "articles, sentences", f"{one.articles}, {translation.sentences}"
    yield "chrF", str(translation.chrf)
    yield "sentences missing", str(translation.missing)
    yield "errors, warnings found", f"{translation.errors}, {translation.warnings}"
    if claims is not None:
        yield "claims found", f"{claims.found} of {claims.labelled}"
        yield "claims supported", f"{claims.supported} of {claims.claims}"
        yield "speakers right", f"{claims.speaker} of {claims.found}"
    if summary is not None:
        yield "points reached", f"{summary.found} of {summary.labelled}"
        yield "points on the lead alone", f"{summary.on_lead} of {summary.points}"
    yield "answers valid at once", f"{answers.at_once} of {answers.asked}"
    yield "bound to a schema by", answers.schema_mode if answers.at_once else "-"
    yield "requests an article", f"{answers.requests / one.articles:.1f}"
    cached = f", {taken.cached} answers from the cache" if taken.cached else ""
    speed = f"{taken.tokens_a_second:.1f}" if taken.tokens_a_second else "-"
    yield "tokens written a second", f"{speed} ({taken.seconds:.0f} s{cached})"
    yield "USD an article", "not known" if one.cost is None else f"{one.cost:.5f}"


def _said(one: ModelFigures, *, quick: bool) -> Iterator[str]:
    yield f"{one.model}: {WORDS[one.verdict]}{' (translation only was looked at)' if quick else ''}."
    if one.because:
        yield f"  {'Why' if one.verdict == 'unfit' else 'Why not better'}: {'; '.join(one.because)}."
    for reason, times in one.failures.items():
        yield f"  {times} x {reason}"
    for note in one.notes:
        yield f"  {note}"


def in_short(check: ModelCheck, one: ModelFigures) -> str:
    """One line: what it is fit for, and the figure that says it."""
    looked = "four articles" if check.quick else f"{one.articles} articles"
    return f"measured on {looked}, {one.taken.day}: chrF {one.translation.chrf}, {WORDS[one.verdict].partition(':')[0]}"
