"""How sure a model was of its texts: asked for where a server says it, over real HTTP, and kept beside the answer."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fault_server import FaultServer, Reply, Seen, error, json_reply
from in_process import presseschau
from presseschau.analysis import Options, analyze
from presseschau.archive.forecast import forecast_articles
from presseschau.checks import ModelSigns
from presseschau.errors import ConfigurationError, ProviderDownError
from presseschau.ingest import read_article
from presseschau.llm.answers import KEPT
from presseschau.llm.engine import Choice, choose, open_engine
from presseschau.llm.profiles import PROFILES
from presseschau.llm.sureness import WrittenToken, pieces_of, sureness
from presseschau.models import Analysis, Request, Sureness
from presseschau.pipeline.way_back import request
from scripted import ScriptedEngine
from test_cli import served

__all__ = ["served"]  # a fixture

TEXT = "Streit um den Hafen\n\nDie Ministerin schlug am Montag eine neue Mauer vor. Die „Fischer“ lehnten ab.\n"
ENGLISH = ("Dispute over the harbour", "The minister proposed a new wall.", "The “fishermen” said no.")


def spoken(text: str, values: dict[str, float]) -> Reply:
    """A completion whose tokens are single bytes, each as likely as its text says; -0.1 elsewhere."""
    said = [-0.1] * len(text.encode())
    for part, value in values.items():
        at = text.encode().index(part.encode())
        said[at : at + len(part.encode())] = [value] * len(part.encode())
    rows = [
        {"token": "", "bytes": [byte], "logprob": value, "top_logprobs": [{"logprob": value}] * 5}
        for byte, value in zip(text.encode(), said, strict=True)
    ]
    choice = {
        "index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text},
        "logprobs": {"content": rows},
    }  # fmt: skip
    return json_reply({"choices": [choice], "usage": {"prompt_tokens": 900, "completion_tokens": 40}})


def translator(seen: Seen) -> Reply:
    if schema := forced(seen):
        sure = -0.5 if "proposed" in seen.json["messages"][-1]["content"] else -3.0
        return spoken(json.dumps({"de": schema}, ensure_ascii=False), {schema: sure})
    rows = [{"n": n, "en": en} for n, en in enumerate(ENGLISH, 1)]
    text = json.dumps({"sentences": rows}, ensure_ascii=False)
    return spoken(text, {"minister": -2.5}) if "logprobs" in seen.json else Reply(200, text_of(text))


def text_of(text: str) -> bytes:
    return json.dumps({"choices": [{"finish_reason": "stop", "message": {"content": text}}]}).encode()


def forced(seen: Seen) -> str | None:
    """The German that alone may be answered."""
    schema = seen.json["response_format"]["json_schema"]["schema"]["properties"]
    return schema["de"]["const"] if "de" in schema else None


def of_profile(server: FaultServer, profile: str) -> Choice:
    choice = choose("m", base_url=server.base_url)
    return replace(choice, endpoint=replace(choice.endpoint, profile=profile))


async def analysed(server: FaultServer, cache: Path, profile: str = "vllm", **more: object) -> Analysis:
    choice = of_profile(server, profile)
    options = Options(tasks=("translate",), rounds=0, **more)  # type: ignore[arg-type]
    async with open_engine(choice, cache=cache) as engine:
        return await analyze(read_article(TEXT, source="t"), engine, options)


def signs(analysis: Analysis) -> list[dict[str, float]]:
    return [row.risk.signs if row.risk else {} for row in analysis.translation or ()]


async def test_they_stand_with_the_risk_and_are_kept_beside_the_answer(tmp_path: Path):
    async with FaultServer([translator]) as server:
        first = await analysed(server, tmp_path / "c.sqlite3")
        again = await analysed(server, tmp_path / "c.sqlite3")
        assert len(server.requests) == 1
        assert server.requests[0].json["logprobs"] is True
    assert signs(again) == signs(first)
    whole, word = len(ENGLISH[1]), len("minister")
    mean = (-0.1 * (whole - word) - 2.5 * word) / whole
    torn = 5 * 0.0821 * 2.5 + 0.5896 * (0.5284 + 4.4)  # five as likely as e^-2.5, and all others
    assert [(one["sure"], one["least"]) for one in signs(first)] == [
        (-0.1, -0.1), (pytest.approx(mean, abs=0.01), -2.5), (-0.1, -0.1),
    ]  # fmt: skip
    assert signs(first)[1]["torn"] == pytest.approx(torn, abs=0.01)


@pytest.mark.parametrize("profile", sorted(PROFILES))
async def test_no_other_server_is_asked(tmp_path: Path, profile: str):
    if profile == "embedded":
        return
    async with FaultServer([translator]) as server:
        analysis = await analysed(server, tmp_path / "c.sqlite3", profile)
        asked = "logprobs" in server.requests[0].json
    assert asked == (profile in ("vllm", "llamacpp"))
    assert any(signs(analysis)) == asked


async def test_without_risk_nobody_is_asked_and_who_refuses_is_not_asked_again(tmp_path: Path):
    async with FaultServer([translator]) as server:
        await analysed(server, tmp_path / "a.sqlite3", risk=None)
        assert "logprobs" not in server.requests[0].json

    def refusing(seen: Seen) -> Reply:
        named = [name for name in ("logprobs", "top_logprobs") if name in seen.json]
        return error(400, f"Unrecognized request argument supplied: {named[0]}") if named else translator(seen)

    async with FaultServer([refusing]) as server:
        analysis = await analysed(server, tmp_path / "b.sqlite3")
        assert not any(signs(analysis))
        assert [row.en for row in analysis.translation or ()] == list(ENGLISH)


def test_texts_are_found_however_they_were_written():
    texts = ['He said "no".', "Über 3", "Über 3"]
    answer = json.dumps({"rows": [{"n": i, "en": text} for i, text in enumerate(texts)]})
    lines = "\n".join(f"[{i}] {text}" for i, text in enumerate(texts))
    for written in (answer, lines, json.dumps(json.loads(answer), ensure_ascii=False)):
        pieces = tuple(WrittenToken(bytes([byte]), -1.0) for byte in written.encode())
        found = sureness(answer, pieces)
        assert {text: one[:2] for text, one in found.items()} == {texts[0]: (-1.0, -1.0), texts[1]: (-1.0, -1.0)}
        assert found[texts[0]].nouns == -2.0  # He
    assert sureness(answer, (WrittenToken(b"something else", -1.0),)) == {}
    for broken in ({}, {"logprobs": None}, {"logprobs": {"content": [{"token": "a"}]}}, {"logprobs": {"content": [3]}}):
        assert pieces_of(broken) == ()
    assert pieces_of({"logprobs": {"content": [{"token": "a", "logprob": -1e999}]}}) == (WrittenToken(b"a", -30.0),)


def test_of_the_words_with_a_capital_the_three_least_likely_count():
    said = {
        "Der": 1.0,
        " Rat": 2.0,
        " t": 9.0,
        "agt": 9.0,
        " „": 1.0,
        "Ost": 3.0,
        "see": 4.0,
        "“": 1.0,
        " in": 7.0,
        " Bonn": 3.0,
    }
    german = "".join(said)
    around = WrittenToken(b'{"de":"', -20.0), WrittenToken(b'"}', -20.0)
    pieces = (around[0], *(WrittenToken(text.encode(), -value) for text, value in said.items()), around[1])
    assert sureness(json.dumps({"de": german}), pieces)[german].nouns == pytest.approx(-(9 + 3 + 2) / 3, abs=1e-4)
    assert sureness('["so"]', (WrittenToken(b"so", -1.0),))["so"] == Sureness(-1.0, -1.0, None)


def test_it_is_torn_where_three_choices_in_a_row_were_most_open():
    values = (0.1, 2.0, 0.3, 1.0, 1.2, 1.1)
    pieces = tuple(WrittenToken(f" {i}".encode(), -1.0, value) for i, value in enumerate(values))
    text = "".join(piece.text.decode() for piece in pieces)
    assert sureness(json.dumps([text]), pieces)[text].torn == pytest.approx((2.0 + 0.3 + 1.0) / 3, abs=1e-4)
    assert sureness('[" 1"]', pieces)[" 1"].torn == 2.0
    assert sureness(json.dumps([text]), (*pieces[:-1], pieces[-1]._replace(entropy=None)))[text].torn is None


def test_the_entropy_of_a_choice_goes_by_the_five_likeliest_and_the_share_of_all_others():
    def entropy(*shares: float) -> float | None:
        likeliest = [{"logprob": math.log(share)} for share in shares]
        row = {"token": "a", "logprob": -0.1, "top_logprobs": likeliest}
        return pieces_of({"logprobs": {"content": [row]}})[0].entropy

    assert entropy(*[0.2] * 5) == pytest.approx(math.log(5))
    half = 0.5 * math.log(10) + 0.5 * (math.log(2) + 4.4)
    assert entropy(*[0.1] * 5) == pytest.approx(half)
    assert entropy(*[0.1] * 10) == pytest.approx(half)  # a server may give more
    assert entropy(0.9) is None  # too few to tell
    assert pieces_of({"logprobs": {"content": [{"token": "a", "logprob": -1, "top_logprobs": [3] * 5}]}}) == ()


def test_what_an_older_version_kept_has_no_nouns():
    kept = KEPT.validate_json("[[-1.0, -2.0], null, [-1.0, -2.0, -3.0], [-1.0, -2.0, null], [-1.0, -2.0, null, 3.5]]")
    older = [Sureness(-1.0, -2.0), None, Sureness(-1.0, -2.0, -3.0), Sureness(-1.0, -2.0)]
    assert kept == [*older, Sureness(-1.0, -2.0, None, 3.5)]
    heard = ModelSigns(back=-2.0)
    assert heard.figures == {}  # so it is weighed as without a way back


async def test_the_way_back_is_asked_sentence_by_sentence_and_kept(tmp_path: Path):
    async with FaultServer([translator]) as server:
        first = await analysed(server, tmp_path / "c.sqlite3", risk="deep")
        assert len(server.requests) == 1 + 3
        again = await analysed(server, tmp_path / "c.sqlite3", risk="deep")
        plain = await analysed(server, tmp_path / "c.sqlite3")
        assert len(server.requests) == 1 + 3
    assert [one["back"] for one in signs(first)] == [-3.0, -0.5, -3.0]
    assert again.translation == first.translation
    assert all("back" not in one for one in signs(plain))
    assert first.provenance.usage.requests == 4


async def test_marks_that_json_escapes_are_not_forced_and_another_answer_says_nothing(tmp_path: Path):
    sent: list[str] = []

    def server(seen: Seen) -> Reply:
        if (german := forced(seen)) is None:
            return spoken(json.dumps({"sentences": [{"n": 1, "en": "No"}, {"n": 2, "en": "He says."}]}), {})
        sent.append(german)
        return spoken(json.dumps({"de": german if german.startswith("„") else "Nein"}, ensure_ascii=False), {})

    options = Options(tasks=("translate",), rounds=0, risk="deep")
    article = read_article('"Nein"\n\nDer Rat\\Kreis sagt "nein", er "bleibt.\n', source="t")
    async with FaultServer([server]) as at, open_engine(of_profile(at, "vllm"), cache=None) as engine:
        analysis = await analyze(article, engine, options)
    assert sorted(sent) == ["Der Rat/Kreis sagt „nein“, er “bleibt.", "„Nein“"]
    assert ["back" in one for one in signs(analysis)] == [True, False]


async def test_an_endpoint_that_ends_on_the_way_back_loses_no_translation():
    def reply(asked: Request[Any]) -> Any:
        if asked.task == "way back":
            return ProviderDownError("it is gone")
        return {"sentences": [{"n": n, "en": en} for n, en in enumerate(ENGLISH, 1)]}

    engine = ScriptedEngine(reply)
    engine.info = replace(engine.info, probabilities=True)
    options = Options(tasks=("translate",), rounds=0, risk="deep")
    analysis = await analyze(read_article(TEXT, source="t"), engine, options)
    assert [row.en for row in analysis.translation or ()] == list(ENGLISH)
    assert [f.code for f in analysis.findings if f.failure] == ["task.failed"]


async def test_a_forecast_counts_the_way_back(tmp_path: Path):
    async with FaultServer([translator]) as server:
        choice = of_profile(server, "vllm")
        counts = {}
        for level in ("plain", "deep"):
            options = Options(tasks=("translate",), risk=level)
            found = await forecast_articles([read_article(TEXT, source="t")], choice, options=options, cache=None)
            counts[level] = found.requests
        assert counts == {"plain": 1, "deep": 1 + 3}
        assert not server.requests


async def test_a_server_that_cannot_is_said_before_anything_is_asked(tmp_path: Path):
    async with FaultServer([translator]) as server:
        with pytest.raises(ConfigurationError, match="--risk plain"):
            await analysed(server, tmp_path / "c.sqlite3", "openai", risk="deep")
        assert not server.requests


def test_the_command_line_says_so_with_exit_4(served, tmp_path: Path):
    server = served([translator])
    article = tmp_path / "a.txt"
    article.write_text(TEXT, encoding="utf-8")
    done = presseschau("translate", str(article), "-m", "m", "--base-url", server.base_url, "--risk", "deep")
    assert (done.code, server.requests) == (4, [])
    assert "--risk plain" in done.err


@pytest.mark.model
async def test_the_embedded_model_goes_the_way_back(tmp_path: Path):
    german = "Der Rat tagt am Montag."
    async with open_engine(choose("local:qwen2.5-coder-1.5b"), cache=tmp_path / "c.sqlite3") as engine:
        answers = [
            await engine.ask(request(german, english, Options()))
            for english in ("The council meets on Monday.", "The dog sold a lamp.")
        ]
    right, wrong = (answer.sure[german][0] for answer in answers)
    assert answers[0].value.de == answers[1].value.de == german
    assert right > wrong + 1
