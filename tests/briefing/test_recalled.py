"""How a paper says that it was wrong, which figure it takes back, and what joins the articles of one event."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from presseschau.analysis import failed
from presseschau.briefing.corrections import _wrong_figures, marked, put_right, recalled
from presseschau.briefing.stories import group
from presseschau.errors import MalformedAnswer
from presseschau.ingest import read_article
from presseschau.models import Analysis, Claim, Evidence
from presseschau.notes import Comparison, Figure, Source, SourceClaim, SourceSentence

CASES = Path(__file__).parents[2] / "fixtures/briefing/recalled.jsonl"
ROWS = [json.loads(line) for line in CASES.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("row", ROWS, ids=[row["text"][:40] for row in ROWS])
def test_a_paper_takes_back_what_it_wrote(row: dict[str, Any]) -> None:
    passage = recalled(read_article(f"Streit um das Freibad\n\n{row['text']}", source="a"))
    assert bool(passage) == row["corrects"]
    if row["corrects"]:
        assert sorted(_wrong_figures(passage)) == row["wrong"]


def analysis(text: str, day: str, outlet: str = "Bote") -> Analysis:
    article = read_article(text, source=day, metadata={"date": day, "outlet": outlet})
    return failed(article, MalformedAnswer("nothing was asked"), "none")


FIRE = """Scheune in Brunsbek brennt nieder

In Brunsbek ist am Dienstag eine Scheune niedergebrannt. Der Schaden liegt bei 410.000 Euro, sagte Wehrführer
Udo Nahmke.
Die Feuerwehr war mit 60 Kräften im Einsatz. Verletzt wurde niemand."""
COURT = """Gemeinderat von Brunsbek erhöht Gebühren

Der Gemeinderat von Brunsbek hat die Gebühren für den Friedhof erhöht. Das beschloss das Gremium am Abend ohne Debatte.
Die Opposition stimmte dagegen. Künftig kostet ein Grab mehr als in den Nachbarorten."""
RIGHT = """Korrektur

In unserem Bericht über den Brand in Brunsbek stand, der Schaden liege bei 410.000 Euro. Richtig sind 140.000 Euro."""
LATER = """Brandstifter von Brunsbek gesteht

Der Mann, der in Brunsbek eine Scheune angezündet hat, hat gestanden. Wehrführer Udo Nahmke sprach von 60
Kräften, die im Einsatz waren, und einem Schaden von 410.000 Euro."""


@pytest.mark.parametrize(
    ("second", "day", "groups"),
    [
        (COURT, "2026-05-14", [(0,), (1,)]),  # the same village, another matter
        (RIGHT, "2026-05-20", [(0, 1)]),
        (LATER, "2026-06-20", [(0, 1)]),  # five weeks later: names and figures are shared
        (COURT, "2026-06-20", [(0,), (1,)]),
    ],
)
def test_what_tells_of_one_event(second: str, day: str, groups: list[tuple[int, ...]]) -> None:
    found = group([analysis(FIRE, "2026-05-13"), analysis(second, day)])
    assert sorted(found) == groups


def test_the_figure_that_a_paper_puts_right_is_marked_though_it_is_not_named_again() -> None:
    texts = ("Der Umbau kostet 4,1 Millionen Euro.", "Anders als berichtet kostet der Umbau 1,4 Millionen Euro.")
    sources, claims = [], []
    for n, de in enumerate(texts, 1):
        sentence = SourceSentence(n=2, de=de, en=None, start=0, end=len(de), role="body")
        sources.append(Source(n=n, id=str(n), published=f"2026-05-1{n}", outlet="Bote", sentences=(sentence,)))
        evidence = (Evidence(n=2, start=0, end=len(de), text=de),)
        claims.append(
            SourceClaim(
                id=f"{n}.c1", source=n, claim=Claim(id="c1", text="It costs more.", sentences=(2,), evidence=evidence)
            )
        )
    both = tuple(
        Figure(value=value, claims=(f"{n}.c1",), sources=(n,)) for n, value in ((1, "4.1 million"), (2, "1.4 million"))
    )
    shown = marked(Comparison(about="cost", kind="disputed", figures=both), {}, put_right(claims, sources))
    assert [figure.taken_back for figure in shown.figures] == [True, False]
    other = [sources[0].model_copy(update={"outlet": "Kurier"}), sources[1]]
    shown = marked(Comparison(about="cost", kind="disputed", figures=both), {}, put_right(claims, other))
    assert [figure.taken_back for figure in shown.figures] == [False, False]
