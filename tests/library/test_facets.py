"""How an answer can be narrowed down: each count is what the filter then finds, and no table is walked for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from desk_visit import filled
from output.own_analysis import RICH, own
from presseschau.library.facets import Facets, facets, judged
from presseschau.library.search import Question, search, search_and_first
from presseschau.library.store import Archive
from presseschau.models import Risk


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    path = filled(tmp_path_factory.mktemp("facets") / "archive.db")
    made = own("bahn-warnstreik")
    rows = tuple(row.model_copy(update={"risk": Risk(value=0.1 * (row.n % 7))}) for row in made.translation or ())
    with Archive(path) as archive:
        archive.put([made.model_copy(update={"translation": rows}).model_dump_json().encode()])
        yield archive


def of(archive: Archive, question: Question, first: int = 2000) -> Facets:
    return facets(archive, question, search_and_first(archive, question, first=first)[1], most=100)


def narrowed(found: Facets) -> Iterator[tuple[dict[str, str | float], int]]:
    for name, counts in (("outlet", found.outlets), ("speaker", found.speakers)):
        yield from (({name: f'"{value}"'}, many) for value, many in counts)
    for name, counts in (("stance", found.stances), ("finding", found.findings)):
        yield from (({name: value}, many) for value, many in counts)
    yield from (({"risk": float(value)}, many) for value, many in found.risks)
    yield from (({"since": f"{month}-01", "until": f"{month}-31"}, many) for month, many in found.months)


@pytest.mark.parametrize(
    "asked", [{}, {"text": "Wasser"}, {"text": "water -Deich"}, {"stance": "reported"}, {"speaker": "min"}]
)
def test_a_count_is_what_the_filter_finds(archive: Archive, asked: dict[str, str]) -> None:
    found = of(archive, Question(**asked))
    assert found.articles == search(archive, Question(**asked)).total
    tried = 0
    for more, many in narrowed(found):
        if not set(more) & set(asked):
            tried += 1
            assert search(archive, Question(**{**asked, **more})).total == many, more
    assert tried > 2


def test_all_kinds_are_counted(archive: Archive) -> None:
    found = of(archive, Question())
    assert found.risks == (("0.5", 1), ("0.2", 1))
    assert ("Oberelbe-Zeitung", 1) in found.outlets
    assert found.months[0] == ("2026-07", 1)
    assert dict(found.findings)["number.missing"] == 1
    assert sum(many for _, many in found.stances) > len(found.stances)


def test_only_the_first_are_counted(archive: Archive) -> None:
    found = of(archive, Question(since="2026-01-01"), 3)
    assert found.articles == 3
    assert sum(many for _, many in found.months) == 3


def test_a_name_in_quotation_marks_is_the_whole_name(archive: Archive) -> None:
    assert search(archive, Question(outlet="elbe")).total == 1
    assert search(archive, Question(outlet='"elbe"')).total == 0
    assert search(archive, Question(outlet='"Oberelbe-Zeitung"')).total == 1


def test_what_stands_against_an_article(archive: Archive) -> None:
    made = own(RICH)
    number = archive.number(made.article.id, made.article.source)
    assert number is not None
    one = judged(archive, [number])[number]
    kinds = [finding.severity for finding in made.findings]
    assert (one.errors, one.warnings, one.risk) == (kinds.count("error"), kinds.count("warning"), None)


@pytest.mark.parametrize(
    "question",
    [
        Question(order="newest"), Question("Wasser"), Question(outlet="Zeitung"), Question(since="2026-01-01"),
        Question(stance="reported"), Question(speaker="minister"), Question(finding="number"), Question(risk=0.5),
        Question("Wasser", stance="reported", outlet="Zeitung"),
    ],
)  # fmt: skip
def test_no_table_is_walked(archive: Archive, question: Question) -> None:
    """Of what grows with the archive only indexes are: not the rows of sentences, claims, findings, articles."""
    asked: list[str] = []
    archive.database.connection.set_trace_callback(asked.append)
    found = search(archive, question)
    of(archive, question)
    judged(archive, [hit.article.id for hit in found.hits])
    archive.database.connection.set_trace_callback(None)
    assert len(asked) > 8
    walked = [
        (step, statement)
        for statement in asked
        if statement.startswith(("SELECT", "WITH"))
        for *_, step in archive.database.connection.execute(f"EXPLAIN QUERY PLAN {statement}")
        if step.startswith("SCAN ") and step.split()[1] in ("articles", "sentences", "claims", "findings")
        and " INDEX " not in step
    ]  # fmt: skip
    assert walked == []
