"""`model check`: what servers of every kind are found to be, over real HTTP."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest

from fault_server import FaultServer, Script, completion, error, html, json_reply
from in_process import presseschau
from labelled_server import as_labelled, client
from note_server import endpoint
from presseschau.analysis import Options
from presseschau.measuring.articles import labelled_articles
from presseschau.measuring.check import measure
from presseschau.measuring.figures import BARS, ModelCheck, ModelFigures

pytestmark = pytest.mark.slow

INDEPENDENT = Path(__file__).parents[2] / "fixtures/models/independent.json"
QUICK: Sequence[str] = ("translate",)
ALL = ("translate", "summary", "claims")


async def measured(script: Script, tasks: Sequence[str] = QUICK) -> tuple[ModelFigures, int]:
    """The figures of a server on the four articles, and how many requests it got."""
    async with FaultServer(script) as server, client(server) as engine:
        figures, _ = await measure(engine, labelled_articles(quick=True), Options(tasks=tasks, rounds=1))
        return figures, len(server.requests)


async def test_the_reference_itself_is_fit_for_facts() -> None:
    figures, requests = await measured([as_labelled()], ALL)
    assert figures.verdict == "facts"
    assert figures.translation.chrf.value > 99.5
    assert (figures.translation.missing, figures.because, figures.failures) == (0, (), {})
    assert figures.claims is not None
    assert figures.summary is not None
    assert figures.claims.found == figures.claims.labelled
    assert figures.claims.speaker >= 0.9 * figures.claims.found
    assert figures.claims.supported >= 0.9 * figures.claims.claims
    assert figures.summary.found == figures.summary.labelled
    assert figures.answers.schema_mode == "strict"
    assert figures.answers.asked == figures.answers.at_once == figures.answers.requests == requests
    assert figures.answers.prompt_tokens > 500 * requests


async def test_a_careful_translation_by_somebody_else_is_fit_for_facts() -> None:
    """The upper of the two figures that the bars are set by; the lower one is the demonstration model's."""
    others = json.loads(INDEPENDENT.read_text("utf-8"))["english"]
    articles = [one for one in labelled_articles() if one.name in others]
    english = {one.english[n]: others[one.name][n - 1] for one in articles for n in one.english}
    async with FaultServer([as_labelled(lambda n, text: english.get(text, text))]) as server, client(server) as engine:
        figures, _ = await measure(engine, articles, Options(tasks=("translate",), rounds=0))
    assert (figures.verdict, figures.translation.errors) == ("facts", 0)
    assert 74 < figures.translation.chrf.low < 79 < figures.translation.chrf.high


async def test_a_second_run_repeats_the_figures() -> None:
    some = as_labelled(lambda n, english: english.replace(" the ", " a ") if n % 3 else english.upper())
    first, second = [(await measured([some], ALL))[0] for _ in range(2)]
    assert first.model_dump(exclude={"taken", "identity"}) == second.model_dump(exclude={"taken", "identity"})


@pytest.mark.parametrize(
    ("broken", "verdict"),
    [(error(500), "down"), (html(), "down"), (completion("I am sorry."), "unfit"), (completion(""), "unfit")],
)
async def test_a_broken_server_is_never_said_to_be_fit_and_soon_given_up(broken: object, verdict: str) -> None:
    figures, requests = await measured([broken])
    assert figures.verdict == verdict
    assert figures.translation.missing == figures.translation.sentences
    assert figures.translation.chrf.value == 0
    assert figures.failures
    assert figures.answers.at_once == 0
    assert requests <= 5 * 4


async def test_an_endpoint_that_is_down_is_not_asked_for_every_article() -> None:
    figures, requests = await measured([error(500)], ALL)
    assert requests <= 3 * 3 * 2  # tries, tasks, forms
    assert sum(figures.failures.values()) >= 4


async def test_a_truncating_server_is_not_fit() -> None:
    """Each answer stops in the middle; half of them say so."""
    whole = as_labelled()

    def cut(seen):
        text = json.loads(whole(seen).body)["choices"][0]["message"]["content"]
        return completion(text[: len(text) // 2], finish="length")

    figures, requests = await measured([cut])
    assert (figures.verdict, figures.because) == ("unfit", ("no sentence was translated",))
    assert requests <= 2 * 5  # of two articles
    assert figures.translation.missing == figures.translation.sentences
    assert any("cut off" in reason for reason in figures.failures)


async def test_a_server_that_keeps_half_of_the_sentences_to_itself_is_not_fit() -> None:
    whole = as_labelled()

    def half(seen):
        rows = json.loads(json.loads(whole(seen).body)["choices"][0]["message"]["content"])["sentences"]
        return completion(json.dumps({"sentences": rows[: len(rows) // 2]}))

    figures, _ = await measured([half])
    assert figures.verdict in ("unfit", "demonstration")
    assert figures.translation.missing > 0
    assert any("missing" in reason for reason in figures.because)


LIES = (
    "The mayor welcomed the decision and thanked all those involved.",
    "Police are appealing for witnesses to come forward.",
    "The club won the match by two goals to one on Saturday.",
)


async def test_a_lying_server_is_not_fit_however_well_its_answers_are_formed() -> None:
    lying = as_labelled(lambda n, english: LIES[n % len(LIES)])
    figures, _ = await measured([lying], ALL)
    assert figures.verdict == "unfit"
    assert figures.translation.missing == 0
    assert figures.answers.at_once == figures.answers.asked
    assert figures.claims is not None
    assert figures.claims.found <= 0.1 * figures.claims.labelled


async def test_german_sent_back_as_english_is_not_fit() -> None:
    german = {one.english[n]: one.article.sentences[n - 1].text for one in labelled_articles() for n in one.english}
    figures, _ = await measured([as_labelled(lambda n, english: german[english])])
    assert figures.verdict == "unfit"


async def test_a_server_that_answers_with_another_model_is_told() -> None:
    def other(seen):
        reply = json.loads(as_labelled()(seen).body) | {"model": "cheap-one"}
        return json_reply(reply)

    figures, _ = await measured([other])
    assert any("another model answered: cheap-one" in note for note in figures.notes)


@pytest.mark.parametrize(("limits", "code"), [(("--max-tokens", "3000"), 5), ((), 75)])
def test_a_model_that_could_not_be_asked_for_all_is_not_judged(limits: tuple[str, ...], code: int) -> None:
    asked: list[object] = []

    def down_after_two(seen):
        asked.append(seen)
        return as_labelled()(seen) if limits or len(asked) <= 2 else error(503)

    with endpoint([down_after_two]) as server:
        said = presseschau("model", "check", "-m", "a", "-m", "b", "--base-url", server["url"], "--quick", "-q",
                           "--no-cache", *limits)  # fmt: skip
    assert said.code == code, said
    assert re.search(r"^sentences missing +[1-9]", said.out, re.MULTILINE)
    assert "a: not judged: " in said.out
    assert "fit for" not in said.out
    assert "against" not in said.out


def test_a_model_that_cannot_be_asked_takes_nothing_from_the_others(tmp_path: Path) -> None:
    def by_model(seen):
        return error(404, code="model_not_found") if seen.json["model"] == "absent" else as_labelled()(seen)

    with endpoint([by_model]) as server:
        said = presseschau("model", "check", "qwen3-4b", "-m", "good", "-m", "absent", "--base-url", server["url"],
                           "--models", str(tmp_path), "--quick", "-q", "--no-cache")  # fmt: skip
    assert said.code == 4, said
    assert "good: fit for facts" in said.out
    assert "local:qwen3-4b: The embedded model qwen3-4b is not installed" in said.err
    assert "absent: " in said.err
    assert presseschau("model", "check", "--models", str(tmp_path), "--no-cache").code == 4


def test_the_bars_are_in_order() -> None:
    for better, worse in pairwise(BARS):
        assert better.chrf > worse.chrf
        assert better.missing < worse.missing
        assert better.errors < worse.errors


def test_the_command_puts_models_side_by_side(tmp_path) -> None:
    def by_model(seen):
        worse = as_labelled(lambda n, english: LIES[0]) if seen.json["model"] == "liar" else as_labelled()
        return worse(seen)

    with endpoint([by_model]) as server:
        command = ("model", "check", "-m", "good", "-m", "liar", "--base-url", server["url"], "--quick", "-q",
                   "--cache", str(tmp_path / "cache.sqlite3"), "--price", "1,2")  # fmt: skip
        said = presseschau(*command)
        again = presseschau(*command, "--json")
        sent = [seen.raw for seen in server["requests"]]
    assert said.code == 0, said
    head, *rows = said.out.splitlines()
    assert head.split() == ["good", "liar"]
    assert any(row.startswith("chrF") for row in rows)
    assert "good: fit for facts" in said.out
    assert "liar: not fit" in said.out
    assert re.search(r"^liar against good: chrF -8\d\.\d .*, worse on the same sentences\.$", said.out, re.MULTILINE)
    check = ModelCheck.model_validate_json(again.out)
    assert [(one.model, one.than) for one in check.differences] == [("liar", "good")]
    assert [one.verdict for one in check.models] == ["facts", "unfit"]
    assert check.models[0].taken.cached == check.models[0].answers.asked
    assert check.models[0].cost == pytest.approx(
        (check.models[0].answers.prompt_tokens + 2 * check.models[0].answers.completion_tokens) / 4e6
    )
    assert len(set(sent)) == len(sent)  # the second time all came from the cache
