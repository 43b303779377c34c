"""A person decides: decisions are kept beside the result and win over the model."""

import json
import os
import pty
import re
import subprocess
import sys
from collections import Counter
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

import in_process
from presseschau.analysis import Options, analyze
from presseschau.cli.review import _Session
from presseschau.ingest import read_article
from presseschau.library.store import Archive
from presseschau.models import Analysis, Point, Summary
from presseschau.pipeline.decisions import Decision, Decisions, claim_key, decided, key
from presseschau.results import apply_decisions, decide, read_decisions, render, verify, write_decisions
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


@pytest.mark.parametrize("name", ["archive.db", "result.json"])
def test_what_another_person_decides_meanwhile_stays(result, good, tmp_path, name):
    if name == "archive.db":
        with Archive(tmp_path / name) as archive:
            archive.put([result.model_dump_json().encode()])
    path = tmp_path / name
    theirs, mine = (Decision.on(row, "edited", f"As {row.n} stands.") for row in result.translation[1:3])
    session = _Session(path, read_decisions(path), "Anna Berg", editor=False)
    write_decisions(path, read_decisions(path).with_one(theirs))
    before = session.decisions
    session._keep(before.with_one(mine))
    assert set(read_decisions(path).decisions) == {theirs, mine}
    session._keep(before)
    assert read_decisions(path).decisions == (theirs,)


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
    said = f"not reviewed by a person except for 3 of {len(rows)} sentences and 0 of {len(result.claims)} claims."
    assert said in once.provenance.notice
    assert decided(once, decisions).provenance == once.provenance


def test_what_a_person_wrote_is_checked_and_what_is_found_is_a_note(result):
    row = next(row for row in result.translation if row.en and any(digit in row.de for digit in "3456789"))
    wrong = Decision.on(row, "edited", f"{row.en} It cost 987,654 euros.")
    (edited,) = [one for one in decided(result, Decisions(decisions=(wrong,))).translation if one.n == row.n]
    assert ("number.added", "info") in {(f.code, f.severity) for f in edited.findings}
    assert {f.sentence for f in edited.findings} == {row.n}
    found = edited.findings[0]
    if found.de_span:
        assert result.article.text[found.de_span.start : found.de_span.end] == found.de_span.text


def said_in(analysis):
    """What each form says of people."""
    forms = {form: str(render(analysis, form)) for form in ("md", "html", "tmx", "json", "jsonl", "csv")}
    return {form: Counter(re.findall(r"(?i)accepted|edited|decided by a person", text)) for form, text in forms.items()}


def test_what_rests_on_a_corrected_sentence_says_so(result, good):
    n = next(c.sentences[0] for c in result.claims if len(c.sentences) == 1)
    claim, row = claim_on(result, n), next(row for row in result.translation if row.n == n)
    point = Point(text="A point.", sentences=(n,))
    summary = Summary(headline="H", bottom_line="B.", bottom_line_sentences=(n + 1,), points=(point,))
    whole = result.model_copy(update={"summary": summary})
    mended = decide(row, "edited", good[n].rstrip(".") + ", a person wrote.", by="Anna")
    after = apply_decisions(whole, Decisions(decisions=(mended,)))
    (told,) = (f for f in claim_on(after, n).findings if f.code == "review.evidence")
    assert told.message == f"The claim rests on sentence {n}, whose English a person corrected after."
    assert [f.message[:7] for f in after.findings if f.code == "review.evidence" and not f.claim] == ["Point 1"]
    for form in ("md", "html", "json"):
        assert render(after, form).count("corrected after") >= 2
    text = ZipFile(BytesIO(render(after, "docx"))).read("word/document.xml").decode()
    assert text.count("corrected after") == 2
    twice = apply_decisions(after, Decisions(decisions=(mended,)))
    assert Counter(f.code for f in twice.findings)["review.evidence"] == 2
    later = decide(claim, "accepted", claim.text).model_copy(update={"at": "2999-01-01T00:00:00Z"})
    both = apply_decisions(result, Decisions(decisions=(mended, later)))
    assert not any(f.code == "review.evidence" for f in both.findings)


def test_what_was_accepted_is_called_edited_nowhere(result, good):
    row, claim = result.translation[4], claim_on(result, 6)
    accepted = (Decision.on(row, "accepted", row.en), Decision.on(claim, "accepted", claim.text))
    after = decided(result, Decisions(decisions=accepted))
    assert (after.translation[4].status, after.translation[4].decided) == ("human", "accepted")
    assert (claim_on(after, 6).status, claim_on(after, 6).decided) == ("human", "accepted")
    assert "1 of" in after.provenance.notice
    for form, words in said_in(after).items():
        assert {word.lower() for word in words} == {"accepted"}, form
    edited = (Decision.on(row, "edited", "Mine."), Decision.on(claim, "edited", "Mine."))
    after = decided(
        after, Decisions(decisions=edited)
    )  # as when a result is rendered from a file that knows the former
    assert (after.translation[4].decided, claim_on(after, 6).decided) == ("edited", "edited")
    for form, words in said_in(after).items():
        assert {word.lower() for word in words} == {"edited"}, form
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
    return in_process.program(arguments, os.environ, folder, said)


@pytest.mark.slow
def test_the_command_asks_keeps_and_applies(result, tmp_path):
    (tmp_path / "r.json").write_text(result.model_dump_json())
    flagged = sum(any(f.severity != "info" for f in row.findings) for row in result.translation)
    before = [c for c in result.claims if c.sentences < (5,)]
    answers = "s\n" * (flagged + len(before)) + "e\nIn my words.\nq\n"

    done = run("review", "r.json", said=answers, folder=tmp_path)

    assert done.returncode == 0, done.stderr
    assert "1 decision, 1 in all." in done.stderr
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


CORRECTED = {"speaker": "Anke Roloff", "stance": "alleged", "when": "2026-02-11"}


def test_a_corrected_claim_is_shown_in_every_form_with_who_and_when(result):
    claim = claim_on(result, 6)
    made = decide(claim, "accepted", claim.text, corrections=CORRECTED, by="Anna Berg")
    after = apply_decisions(result, Decisions().with_one(made))
    kept = claim_on(after, 6)
    assert (kept.speaker, kept.speaker_de, kept.stance, kept.when.date) == (
        "Anke Roloff",
        None,
        "alleged",
        "2026-02-11",
    )
    assert (kept.decided, kept.decided_by, kept.corrected) == ("accepted", "Anna Berg", ("speaker", "stance", "when"))
    assert Decisions.model_validate_json(Decisions().with_one(made).model_dump_json()).decisions == (made,)
    day = kept.decided_at[:10]
    for form in ("md", "html", "txt", "json", "jsonl", "jsonld", "csv"):
        text = render(after, form)
        assert "Anna Berg" in text, form
        assert "Anke Roloff" in text, form
        assert day in text or str(int(day[8:])) + " " in text, form
    assert "speaker, stance, when corrected" in render(after, "md")
    assert "speaker, stance, when corrected" in render(after, "html")
    assert "11 February 2026" in render(after, "md")


def test_what_is_corrected_to_nobody_and_no_time_stays_so(result):
    claim = next(c for c in result.claims if c.speaker and c.when)
    made = decide(claim, "accepted", claim.text, corrections={"speaker": None, "when": None})
    kept = claim_on(apply_decisions(result, Decisions().with_one(made)), *claim.sentences)
    assert (kept.speaker, kept.speaker_de, kept.when) == (None, None, None)


def test_a_speaker_that_the_german_has_is_found_there(result):
    claim = next(c for c in result.claims if c.speaker_de)
    odd = claim.model_copy(update={"speaker": None, "speaker_de": None})
    made = decide(odd, "accepted", odd.text, corrections={"speaker": claim.speaker})
    after = decided(result, Decisions().with_one(made))
    assert claim_on(after, *claim.sentences).speaker_de == claim.speaker_de


def test_verify_holds_a_corrected_speaker_against_the_german_and_says_whose_it_is(result):
    claim = next(c for c in result.claims if c.speaker_de)
    other = next(c.speaker for c in result.claims if c.speaker and c.speaker != claim.speaker)
    made = decide(claim, "accepted", claim.text, corrections={"speaker": other}, by="Anna Berg")
    after = apply_decisions(result, Decisions().with_one(made))
    kept = claim_on(after, *claim.sentences)
    (found,) = (f for f in verify(after) if f.claim == kept.id and f.code == "speaker.wrong")
    assert (kept.speaker, found.severity) == (other, "info")
    assert found.message.endswith("The speaker was given by Anna Berg.")
    assert claim.speaker_de.text in found.message
    assert found in kept.findings


def test_what_is_no_correction_is_none(result):
    claim = next(c for c in result.claims if c.speaker and c.when)
    same = {"speaker": claim.speaker, "stance": claim.stance, "when": claim.when.date}
    assert decide(claim, "accepted", claim.text, corrections=same).claim.corrected == ()
    for wrong in ({"stance": "guess"}, {"when": "2026-02-30"}, {"when": "May 2026"}, {"when": "2026-5-1"}):
        with pytest.raises(ValueError, match="is no"):
            decide(claim, "accepted", claim.text, corrections=wrong)
    with pytest.raises(ValueError, match="Only a claim"):
        decide(result.translation[1], "accepted", "x", corrections=CORRECTED)


def test_a_person_decides_again_on_what_stands(result):
    """As the desk does: it shows what was decided, and decides on that."""
    claim = claim_on(result, 6)
    first = decide(claim, "edited", "Mine.", corrections={"speaker": "Anke Roloff"}, by="A")
    shown = claim_on(apply_decisions(result, Decisions().with_one(first)), 6)
    second = decide(shown, "accepted", shown.text, corrections={"stance": "alleged"}, by="B")
    both = Decisions().with_one(first).with_one(second)
    (kept,) = (c for c in apply_decisions(result, both).claims if c.sentences == (6,))
    assert (kept.text, kept.decided, kept.decided_by, kept.speaker) == ("Mine.", "edited", "B", "Anke Roloff")
    assert kept.corrected == ("speaker", "stance")
    back = apply_decisions(result, both.without(second))
    assert claim_on(back, 6) == shown
    assert apply_decisions(result, both.without(second).without(first)) is result


def test_who_rejected_a_sentence_is_said(result):
    made = decide(result.translation[4], "rejected", by="Anna Berg")
    (finding,) = decided(result, Decisions().with_one(made)).translation[4].findings
    assert finding.message == "Anna Berg rejected this English."


def test_a_review_of_an_earlier_version_is_what_it_was():
    old = read_decisions(OWN / "continuity/analysis.json")
    assert old.digest == "9989ed1ec831"  # a run that was begun with it goes on
    assert all("by" not in one for one in json.loads(old.model_dump_json())["decisions"])


@pytest.fixture
def reviewed(result, tmp_path):
    (tmp_path / "r.json").write_text(result.model_dump_json())

    def decisions():
        return Decisions.model_validate_json((tmp_path / "r.review.json").read_text()).decisions

    return tmp_path, decisions


def test_back_and_undo_and_corrections_by_pipe(reviewed, result):
    folder, decisions = reviewed
    skip = "s\n" * len(result.translation)
    said = f"{skip}a\nb\nr\nu\nu\nu\nc\nAnke Roloff\n\n2026-02-11\nq\n"
    done = run("review", "r.json", "--all", "--by", "Anna Berg", said=said, folder=folder)
    assert done.returncode == 0, done.stderr
    (one,) = decisions()
    claim = result.claims[0]
    assert (one.verdict, one.was, one.english, one.by) == ("accepted", claim.text, claim.text, "Anna Berg")
    assert (one.claim.speaker, one.claim.when.date) == ("Anke Roloff", "2026-02-11")
    assert one.claim.corrected == ("speaker", "when")
    assert "The claim is accepted with this" in done.stdout
    assert done.stdout.count(f"Claim {claim.id},") == 4
    assert "Decided: accepted by Anna Berg" in done.stdout
    assert done.stdout.count("The last decision is taken back.") == 2
    assert "Nothing was decided since you began." in done.stdout
    assert "1 decision, 1 in all." in done.stderr


def test_the_first_item_has_none_before_it(reviewed, result):
    folder, _ = reviewed
    done = run("review", "r.json", "--all", said="b\nq\n", folder=folder)
    assert "This is the first." in done.stdout
    assert done.stdout.count("Sentence 1 ") == 2


def test_an_accepted_edit_is_still_an_edit_and_a_wrong_correction_is_asked_again(reviewed, result):
    folder, decisions = reviewed
    run("review", "r.json", "--all", said="e\nMine.\nq\n", folder=folder)
    again = run("review", "r.json", "--all", "--again", said="a\nq\n", folder=folder)
    assert "English: Mine." in again.stdout
    (one,) = decisions()
    assert (one.verdict, one.was, one.english) == ("edited", result.translation[0].en, "Mine.")
    skip = "s\n" * (len(result.translation) - 1)
    said = f"{skip}c\n\nguess\n\n\nopinion\n-\nq\n"
    done = run("review", "r.json", "--all", said=said, folder=folder)
    assert "'guess' is no stance" in done.stdout
    assert decisions()[-1].claim.stance == "opinion"


def at_a_terminal(arguments, steps, folder):
    """What a terminal shows when each answer is typed once the text before it is there; how the program ends."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "presseschau", *arguments],
        stdin=theirs, stdout=theirs, stderr=theirs, cwd=folder, env={**os.environ, "TERM": "xterm"},
        start_new_session=True,
    )  # fmt: skip
    os.close(theirs)
    said, at = "", 0
    try:
        for awaited, typed in (*steps, (None, "")):
            while awaited is None or awaited not in said[at:]:
                said += os.read(ours, 65_536).decode(errors="replace")
            at = said.index(awaited, at) + len(awaited)
            os.write(ours, typed.encode())
    except OSError:  # the other end was closed
        pass
    finally:
        os.close(ours)
        ended = process.wait(60)
    return said, ended


END, CLEAR = "\x05", "\x15"
"""Keys: to the end of the line, and clear it."""


@pytest.mark.slow
def test_at_a_terminal_an_edit_begins_with_the_text(reviewed, result):
    folder, decisions = reviewed
    row, claim = result.translation[0], result.claims[0]
    steps = [
        ("[a/e/r/s/b/u/q] ", "e\r"),
        ("English: ", f"{END} Indeed.\r"),
        ("[a/e/r/s/b/u/q] ", "e\r"),
        ("English: ", "\r"),
        *[("[a/e/r/s/b/u/q] ", "s\r")] * (len(result.translation) - 2),
        ("[a/e/c/r/s/b/u/q] ", "c\r"),
        ("itself): ", f"{CLEAR}Anke Roloff\r"),
        ("opinion): ", f"{CLEAR}alleged\r"),
        ("no time): ", "\r"),
        ("[a/e/c/r/s/b/u/q] ", "b\r"),
        ("Decided: ", ""),
        ("[a/e/c/r/s/b/u/q] ", "q\r"),
    ]
    said, ended = at_a_terminal(["review", "r.json", "--all", "--by", "Anna Berg"], steps, folder)
    assert ended == 0, said
    edited, accepted, corrected = decisions()
    assert (edited.verdict, edited.english) == ("edited", f"{row.en} Indeed.")
    assert accepted.verdict == "accepted"
    assert (corrected.claim.speaker, corrected.claim.stance) == ("Anke Roloff", "alleged")
    assert corrected.claim.corrected == ("speaker", "stance")
    assert corrected.was == claim.text
    assert {one.by for one in decisions()} == {"Anna Berg"}
