"""Two results of one article side by side, in every form, and by the command line over real HTTP."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from in_process import presseschau
from labelled_server import as_labelled
from note_server import endpoint
from presseschau.archive.prices import Limits, cost_of
from presseschau.cli.analysing import Metrics
from presseschau.cli.compare import left_of
from presseschau.comparison import ResultComparison, compared
from presseschau.errors import InputError
from presseschau.llm.engine import choose
from presseschau.measuring.articles import labelled_articles
from presseschau.models import (
    Analysis,
    Claim,
    Evidence,
    Finding,
    Provenance,
    Summary,
    TranslatedSentence,
    Usage,
)
from presseschau.output import COMPARISON_FORMATS, rendered_comparison
from presseschau.results import compare

LABELLED = labelled_articles(quick=True)[0]
ARTICLE = LABELLED.article
HOSTILE = "<script>alert(1)</script> [x](http://a.example) \x1b[2J‮ | *b*"


def made(model="m", engine="https://api.example/v1 m", english=None, claims=(), findings=()):
    english = LABELLED.english | (english or {})
    rows = tuple(
        TranslatedSentence(
            n=s.n, role=s.role, de=s.text, en=english[s.n], start=s.start, end=s.end,
            status="ok" if english[s.n] else "missing", findings=tuple(f for f in findings if f.sentence == s.n),
        )
        for s in ARTICLE.sentences
    )  # fmt: skip
    return Analysis(
        article=ARTICLE,
        translation=rows,
        summary=Summary(headline="x", bottom_line=f"{model} says so.", points=()),
        claims=tuple(claims),
        findings=tuple(findings),
        provenance=Provenance(
            model=model, engine=engine, prompts="0", usage=Usage(prompt_tokens=1000, completion_tokens=500, requests=3),
            repairs=0, versions={}, notice="Machine translation, not reviewed by a person.",
        ),
    )  # fmt: skip


def claim(text, n=7, **more):
    return Claim(id="c1", text=text, sentences=(n,), evidence=(Evidence.of(ARTICLE.sentences[n - 1]),), **more)


def test_a_result_beside_itself_differs_in_nothing():
    one = made(claims=[claim("He asked for four years.")])
    both = compared(one, one)
    assert (both.sentences, both.claims) == ((), ())
    assert both.same_sentences == len(ARTICLE.sentences)
    assert both.same_claims == 1


def test_a_sentence_that_differs_says_in_which_facts_and_findings():
    wrong = Finding(code="number.missing", severity="error", message="640,000 is missing.", sentence=3)
    other = {3: LABELLED.english[3].replace("640,000", "460,000"), 6: "A technical defect is still possible.", 8: None}
    both = compared(made("a"), made("b", english=other, findings=[wrong]))
    three, six, eight = both.sentences
    assert [(fact.a, fact.b) for fact in three.facts] == [("640,000", "460,000")]
    assert (three.only_a, three.only_b) == ((), (wrong,))
    assert (six.n, six.facts, six.only_b) == (6, (), ())
    assert (eight.n, eight.b) == (8, None)
    assert (both.b.missing, both.b.errors, both.a.errors) == (1, 1, 0)
    assert both.same_sentences == len(ARTICLE.sentences) - 3


def test_claims_are_paired_by_their_sentences_and_wording_alone_is_no_difference():
    ours = [
        claim("Prosecutor Kirschbaum asked for four years.", speaker="Jens Kirschbaum", stance="reported"),
        claim("The mill burned down.", 12),
        claim("Nobody was hurt.", 12),
        claim("The tenant said nothing.", 11),
    ]
    theirs = [
        claim("Nobody was injured.", 12),
        claim("The mill burned down.", 12, supported=False),
        claim("Kirschbaum asked for fourteen years.", stance="reported"),
        claim("The municipality wants to rebuild it.", 13),
    ]
    both = compared(made(claims=ours), made(claims=theirs))
    assert both.same_claims == 1
    first, second, third, fourth = both.claims
    assert [said.partition(":")[0] for said in first.differs] == ["speaker", "facts"]
    assert second.differs == ("supported: yes / no",)
    assert (third.a.text, third.b) == ("The tenant said nothing.", None)
    assert (fourth.a, fourth.b.text) == (None, "The municipality wants to rebuild it.")


def test_only_results_of_the_same_german_are_compared():
    other = made().model_copy(update={"article": labelled_articles(quick=True)[1].article})
    with pytest.raises(InputError, match="different articles"):
        compared(made(), other)


@pytest.mark.parametrize(
    ("engine", "cost"),
    [
        ("sha256:00", 0.0),
        ('sha256:00 {"seed": 1}', 0.0),
        ("http://localhost:11434/v1 qwen3:32b", None),
        ("https://api.example/v1 nobody-knows-it", None),
        ("", None),
    ],
)
def test_the_price_is_that_of_the_engine(engine, cost):
    assert cost_of(made(engine=engine).provenance) == cost


def test_a_listed_model_has_its_list_price():
    both = compare(made(engine="https://api.openai.com/v1 gpt-4o-mini"), made(engine="sha256:00"))
    assert both.a.cost == pytest.approx((1000 * 0.15 + 500 * 0.60) / 1e6)
    assert both.b.cost == 0.0


@pytest.mark.parametrize("format", COMPARISON_FORMATS)
def test_each_form_holds_what_differs_and_nothing_foreign_works_in_it(format):
    texts = {3: HOSTILE, 6: None}
    both = compared(made("a" + HOSTILE), made("b", english=texts, claims=[claim(HOSTILE)]))
    text = rendered_comparison(both, format)
    assert text.endswith("\n")
    assert "\x1b" not in text
    assert "‮" not in text
    assert "640,000" in text
    if format == "json":
        assert ResultComparison.model_validate_json(text) == both
    else:
        assert not re.search(r"(?<!\\)<script", text)
        assert "no such claim" in text
        assert "missing" in text
    if format == "md":
        assert not re.search(r"(?<!\\)\]\(", text)
    if format == "html":
        assert "script-src &#39;none&#39;" in text
        assert not re.search(r"<(script|img|link|iframe)\b", text)
        rows = len(both.sentences) + 1 + len(both.claims)  # where columns do not fit, each cell still says whose it is
        assert [text.count(f'<td data-side="{side}">') for side in "AB"] == [rows, rows]
        assert '<p class="facts">facts, A / B: ' in text


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_is_compared_and_rendered(one, other):
    both = compared(made(english={3: one or None}), made(english={3: other or None}, claims=[claim(other)]))
    assert all(rendered_comparison(both, format) for format in COMPARISON_FORMATS)


def test_the_commands(tmp_path):
    good = as_labelled()
    worse = as_labelled(lambda n, english: english.replace("640,000", "460,000"))

    def by_model(seen):
        return (worse if seen.json["model"] == "worse" else good)(seen)

    text = tmp_path / "article.txt"
    text.write_text(ARTICLE.text, encoding="utf-8")
    with endpoint([by_model]) as server:

        def run(*arguments):
            return presseschau(*arguments, "--base-url", server["url"], "--cache", str(tmp_path / "c.sqlite3"), "-q")

        for model in ("good", "worse"):
            ended = run(
                "article", str(text), "-m", model, "-o", str(tmp_path / f"{model}.json"), "--repair-rounds", "0"
            )
            assert ended.code == 0, ended
        sent = len(server["requests"])
        at_once = run("article", str(text), "-m", "good", "--compare", "worse", "--json", "--repair-rounds", "0")
        assert len(server["requests"]) == sent
        assert run("article", str(text), "-m", "good", "--compare", "worse", "-f", "csv").code == 2
        ahead = run("article", str(text), "-m", "good", "--compare", "worse", "--dry-run").out
        assert [line.split()[1] for line in ahead.splitlines() if line.startswith("model ")] == ["good", "worse"]
        page = tmp_path / "both.html"
        assert run("translate", str(text), "-m", "good", "--compare", "worse", "-o", str(page)).code == 0
    stored = presseschau("compare", str(tmp_path / "good.json"), str(tmp_path / "worse.json"), "--json")
    assert stored.code == at_once.code == 0, (stored, at_once)
    first, second = json.loads(stored.out), json.loads(at_once.out)
    for one in (first, second):
        assert [pair["n"] for pair in one["sentences"]] == [3]
        assert one["b"]["model"] == "worse"
        assert one["b"]["errors"] > one["a"]["errors"] == 0
    assert first["sentences"] == second["sentences"]
    assert "460,000" in page.read_text("utf-8")
    out = tmp_path / "both.md"
    for _ in range(2):  # it replaces what it made, and nothing else
        assert (
            presseschau("compare", *(str(tmp_path / f"{m}.json") for m in ("good", "worse")), "-o", str(out)).code == 0
        )
    assert out.read_text("utf-8").startswith("# Two results: ")
    assert presseschau("compare", str(tmp_path / "good.json"), str(page), "--json").code == 1
    assert presseschau("compare", "-", "-").code == 2
    assert presseschau("compare", str(tmp_path / "good.json"), str(tmp_path / "worse.json"), "-o",
                       str(tmp_path / "good.json")).code == 2  # fmt: skip


def test_a_limit_holds_for_both_models_together():
    choice = choose("m", base_url="http://127.0.0.1:9/v1")
    took = Metrics(1.0, 2, 0, 3000, 1000, 0, 0, 0)
    assert left_of(Limits(5000, 1.0, (100.0, 200.0)), took, choice) == Limits(1000, 0.5, (100.0, 200.0))
    assert left_of(Limits(3000, 0.1, (100.0, 200.0)), took, choice) == Limits(0, 0.0, (100.0, 200.0))
    assert left_of(Limits(), took, choice) == Limits()
