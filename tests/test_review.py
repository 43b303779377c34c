"""A person decides: decisions are kept beside the result and win over the model."""

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from presseschau.analysis import Options, analyze
from presseschau.ingest import read_article
from presseschau.models import Analysis
from presseschau.pipeline.decisions import Decision, Decisions, claim_key, decided, key
from presseschau.results import render
from scripted import ScriptedEngine, wanted

OWN = Path(__file__).parent.parent / "fixtures"
SLUG = "ausland-amudarja"


@pytest.fixture(scope="module")
def good():
    pairs = json.loads((OWN / "translations/own" / f"{SLUG}.json").read_text())
    return {int(n): en for n, en in pairs.items()}


async def made(texts, decisions=None):
    article = read_article((OWN / "articles/own" / f"{SLUG}.txt").read_bytes(), source=SLUG)

    def reply(request):
        if request.task == "translate":
            return {"sentences": [{"n": n, "en": texts[n]} for n in wanted(request)]}
        said = {"speaker": None, "via": [], "stance": "asserted"}
        return {"claims": [{"sentences": [n], **said, "text": texts[n]} for n in wanted(request)]}

    return await analyze(
        article, ScriptedEngine(reply), Options(tasks=["translate", "claims"], rounds=0, decisions=decisions)
    )


@pytest.fixture
async def result(good):
    return await made({**good, 5: good[5].replace("1.8", "8.1")})


def claim_on(analysis, n):
    return next((c for c in analysis.claims if c.sentences == (n,)), None)


def about(claim, verdict, english):
    return Decision(
        kind="claim", german=claim_key(claim), verdict=verdict, was=claim.text, english=english, claim=claim
    )


def test_no_decisions_change_nothing(result):
    assert decided(result, Decisions()) is result


def test_an_edited_claim_is_human_and_its_findings_settled(result, good):
    claim = claim_on(result, 5)
    assert not claim.supported
    after = decided(result, Decisions(decisions=(about(claim, "edited", good[5]),)))
    edited = claim_on(after, 5)
    assert (edited.text, edited.status, edited.supported) == (good[5], "human", True)
    assert {f.severity for f in edited.findings} <= {"info"}
    assert [c.id for c in after.claims] == [f"c{i}" for i in range(1, len(after.claims) + 1)]


def test_a_rejected_claim_is_gone(result):
    claim = claim_on(result, 5)
    after = decided(result, Decisions(decisions=(about(claim, "rejected", None),)))
    assert claim_on(after, 5) is None
    assert len(after.claims) == len(result.claims) - 1
    assert not [f for f in after.findings if f.claim and f.part == "claims" and f.sentence == 5]


async def test_decisions_win_over_a_later_run_in_other_words(result, good):
    decisions = Decisions(
        decisions=(about(claim_on(result, 5), "edited", "My words."), about(claim_on(result, 6), "rejected", None))
    )
    later = await made({n: f"According to this, {text}" for n, text in good.items()})
    after = decided(later, decisions)
    assert claim_on(after, 5).text == "My words."
    assert claim_on(after, 6) is None
    assert claim_on(after, 12).status != "human"


def test_sentences_are_accepted_edited_and_rejected(result):
    rows = {row.n: row for row in result.translation}

    def one(n, verdict, english):
        return Decision(kind="sentence", german=key([rows[n].de]), verdict=verdict, was=rows[n].en, english=english)

    decisions = Decisions(
        decisions=(one(5, "accepted", rows[5].en), one(6, "edited", "Mine."), one(7, "rejected", None))
    )
    after = {row.n: row for row in decided(result, decisions).translation}
    assert (after[5].en, after[5].status) == (rows[5].en, "human")
    assert {f.severity for f in after[5].findings} <= {"info"}
    assert (after[6].en, after[6].status) == ("Mine.", "human")
    assert (after[7].en, after[7].status) == (None, "missing")
    assert after[8] == rows[8]
    once = decided(result, decisions)
    said = f"not reviewed by a person but for 3 of {len(rows)} sentences and 0 of {len(result.claims)} claims."
    assert said in once.provenance.notice
    assert decided(once, decisions).provenance == once.provenance


def said_in(analysis):
    """What each form says of people."""
    forms = {form: str(render(analysis, form)) for form in ("md", "html", "tmx", "json", "jsonl", "csv")}
    return {form: Counter(re.findall(r"(?i)accepted|edited|decided by a person", text)) for form, text in forms.items()}


def test_what_was_accepted_is_called_edited_nowhere(result, good):
    row, claim = result.translation[4], claim_on(result, 6)
    accepted = (Decision.on(row, "accepted", row.en), Decision.on(claim, "accepted", claim.text))
    after = decided(result, Decisions(decisions=accepted))
    assert (after.translation[4].status, after.translation[4].decided) == ("human", "accepted")
    assert (claim_on(after, 6).status, claim_on(after, 6).decided) == ("human", "accepted")
    assert "1 of" in after.provenance.notice
    for form, words in said_in(after).items():
        assert {word.lower() for word in words} == ({"accepted"} if form != "csv" else set()), form
    edited = (Decision.on(row, "edited", "Mine."), Decision.on(claim, "edited", "Mine."))
    after = decided(
        after, Decisions(decisions=edited)
    )  # as when a result is rendered from a file that knows the former
    assert (after.translation[4].decided, claim_on(after, 6).decided) == ("edited", "edited")
    for form, words in said_in(after).items():
        assert {word.lower() for word in words} == ({"edited"} if form != "csv" else set()), form
    gone = decided(after, Decisions(decisions=(Decision.on(after.translation[4], "rejected"),)))
    assert (gone.translation[4].en, gone.translation[4].decided) == (None, None)


def test_a_result_of_an_older_version_says_only_that_a_person_decided(result):
    rows = [row.model_copy(update={"status": "human"} if row.n == 5 else {}) for row in result.translation]
    old = result.model_copy(update={"translation": tuple(rows)})
    assert "decided" not in json.loads(old.model_dump_json())["translation"][4]
    words = said_in(Analysis.model_validate_json(old.model_dump_json()))
    assert (words["md"], words["html"]) == (Counter(["decided by a person"]), Counter(["Decided by a person"]))


def test_a_decision_on_what_a_person_wrote_counts_for_it(result):
    claim = claim_on(result, 5)
    first = Decision.on(claim, "edited", "In my words.")
    mine = claim_on(decided(result, Decisions(decisions=(first,))), 5)
    for verdict, english in (("accepted", "In my words."), ("edited", "In better words."), ("rejected", None)):
        both = Decisions(decisions=(first,)).with_one(Decision.on(mine, verdict, english))
        found = [c.text for c in decided(result, both).claims if c.sentences == (5,)]
        assert found == [english] * bool(english)


def test_every_finding_is_listed_once(result, good):
    after = decided(result, Decisions(decisions=(about(claim_on(result, 5), "edited", good[5]),)))
    own = [f for row in after.translation for f in row.findings] + [f for c in after.claims for f in c.findings]
    parts = [f for f in after.findings if f.part in ("translation", "claims")]
    assert sorted(map(repr, parts)) == sorted(map(repr, own))


def test_a_decision_about_german_that_has_changed_is_ignored(result):
    claim = claim_on(result, 5)
    gone = claim.model_copy(update={"evidence": (claim.evidence[0].model_copy(update={"text": "Anderes."}),)})
    assert decided(result, Decisions(decisions=(about(gone, "edited", "Mine."),))).claims == result.claims


def test_the_last_decision_about_the_same_words_counts(result):
    claim = claim_on(result, 5)
    decisions = Decisions().with_one(about(claim, "rejected", None)).with_one(about(claim, "edited", "Mine."))
    assert [d.verdict for d in decisions.decisions] == ["edited"]


def run(*arguments, said="", folder):
    return subprocess.run(
        [sys.executable, "-m", "presseschau", *arguments],
        input=said,
        capture_output=True,
        text=True,
        cwd=folder,
        timeout=60,
    )


@pytest.mark.slow
def test_the_command_asks_keeps_and_applies(result, tmp_path):
    (tmp_path / "r.json").write_text(result.model_dump_json())
    flagged = sum(any(f.severity != "info" for f in row.findings) for row in result.translation)
    before = [c for c in result.claims if c.sentences < (5,)]
    answers = "s\n" * (flagged + len(before)) + "e\nIn my words.\nq\n"

    done = run("review", "r.json", said=answers, folder=tmp_path)

    assert done.returncode == 0, done.stderr
    assert "1 decisions" in done.stderr
    kept = Decisions.model_validate_json((tmp_path / "r.review.json").read_text())
    assert [(d.kind, d.verdict, d.english) for d in kept.decisions] == [("claim", "edited", "In my words.")]
    shown = run("render", "r.json", "--format", "json", folder=tmp_path)
    claim = claim_on(Analysis.model_validate_json(shown.stdout), 5)
    assert (claim.text, claim.status) == ("In my words.", "human")


@pytest.mark.slow
def test_verify_honours_what_was_decided(result, tmp_path):
    (tmp_path / "r.json").write_text(result.model_dump_json())
    claim = claim_on(result, 5)
    row = next(row for row in result.translation if row.n == 5)
    said = [about(claim, "accepted", claim.text)]
    said += [Decision(kind="sentence", german=key([row.de]), verdict="rejected", was=row.en, english=None)]
    before = run("verify", "r.json", folder=tmp_path)
    (tmp_path / "r.review.json").write_text(Decisions(decisions=tuple(said)).model_dump_json())
    after = run("verify", "r.json", folder=tmp_path)
    assert (before.returncode, after.returncode) == (6, 0)
    found = json.loads(after.stdout)["findings"]
    assert {f["severity"] for f in found if f["code"].startswith("number.")} == {"info"}


async def test_decisions_win_inside_a_run(result):
    claim = claim_on(result, 5)
    after = await made(
        {n: row.en for n, row in enumerate(result.translation, 1)},
        Decisions().with_one(about(claim, "edited", "In my words.")),
    )
    assert (claim_on(after, 5).text, claim_on(after, 5).status) == ("In my words.", "human")
    assert Decisions().digest == ""


@pytest.mark.slow
def test_one_article_of_an_archive_is_reviewed(result, tmp_path):
    other = result.model_copy(update={"article": result.article.model_copy(update={"id": "ffff"})})
    lines = f"{other.model_dump_json()}\n{result.model_dump_json()}\n"
    (tmp_path / "out.jsonl").write_text(lines)
    missed = run("review", "out.jsonl", "--article", "zzz", folder=tmp_path)
    done = run("review", "out.jsonl", "--article", result.article.id[:8], said="a\n" * 3, folder=tmp_path)
    assert (missed.returncode, done.returncode) == (1, 0)
    assert "3 decisions" in done.stderr
    assert len(run("verify", "out.jsonl", folder=tmp_path).stdout.splitlines()) == 2


def test_what_was_decided_is_not_asked_again(result, tmp_path):
    (tmp_path / "r.json").write_text(result.model_dump_json())
    first = run("review", "r.json", said="a\n" * 200, folder=tmp_path)
    second = run("review", "r.json", said="a\n" * 200, folder=tmp_path)
    assert first.returncode == second.returncode == 0
    assert "Claim" in first.stdout
    assert second.stdout == ""
    assert second.stderr.startswith("0 decisions")


def test_a_review_that_is_none_is_refused(result, tmp_path):
    (tmp_path / "r.json").write_text(result.model_dump_json())
    (tmp_path / "r.review.json").write_text("{}x")
    done = run("render", "r.json", folder=tmp_path)
    assert done.returncode == 1
    assert "r.review.json is not a review" in done.stderr


def test_an_edit_that_changes_nothing_is_an_acceptance(result, tmp_path):
    (tmp_path / "r.json").write_text(result.model_dump_json())
    row = result.translation[0]
    run("review", "r.json", "--all", said=f"e\n{row.en}\nq\n", folder=tmp_path)
    (one,) = Decisions.model_validate_json((tmp_path / "r.review.json").read_text()).decisions
    assert (one.verdict, one.english) == ("accepted", row.en)


def test_a_stream_cannot_be_reviewed(tmp_path):
    assert run("review", "-", folder=tmp_path).returncode == 1
