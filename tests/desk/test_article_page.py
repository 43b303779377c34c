"""The page of an article: what it shows, and that decisions on it are those that `presseschau review` writes."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from desk_visit import browser, desk, filled, token
from in_process import presseschau as run
from output.own_analysis import RICH, SLUGS, hostile, own
from presseschau import archives, results
from presseschau.desk import preferences
from presseschau.desk.article import FORMS, ArticleView, read
from presseschau.library.store import Archive
from presseschau.library.versions import TextChanges, keep_version, set_mark
from presseschau.models import Analysis, Point, Risk, Summary
from presseschau.pipeline.decisions import Decision

NUMBER = SLUGS.index(RICH) + 1


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return filled(tmp_path / "archive.db")


@pytest.fixture
def client(archive: Path) -> TestClient:
    return browser(desk(archive))


def decide(client: TestClient, archive: Path, item: str, do: str, number: int = NUMBER, **fields: str) -> int:
    """A form of the page without JavaScript, as it stands there now."""
    page = client.get(f"/article/{number}").text
    seen = {one.name: one.seen for one in items(read(archive, number))}
    sent = {"csrf": token(page), "item": item, "seen": seen.get(item, ""), "do": do, **fields}
    return int(client.post(f"/article/{number}/decide", data=sent, follow_redirects=False).status_code)


def items(view: ArticleView) -> Sequence[object]:
    return [*view.sentences.values(), *view.claims]


def claim(archive: Path, at: int = 0, number: int = NUMBER) -> str:
    return read(archive, number).claims[at].name


def kept(archive: Path) -> list[dict[str, object]]:
    """All decisions, without their time."""
    found = results.read_decisions(archive).decisions
    return [json.loads(one.model_copy(update={"at": None}).model_dump_json()) for one in found]


def without_time(made: list[dict[str, object]]) -> list[dict[str, object]]:
    return [{name: said for name, said in one.items() if name != "at"} for one in made]


@pytest.mark.parametrize(
    ("kind", "typed", "do", "fields"),
    [
        ("sentence", "a", "accept", {}),
        ("sentence", "r", "reject", {}),
        ("sentence", "e\nAnother  English.", "edit", {"text": "Another  English."}),
        ("claim", "a", "accept", {}),
        ("claim", "r", "reject", {}),
        ("claim", "e\nAnother claim.", "edit", {"text": "Another claim."}),
        ("claim", "c\nAnna Berg\nalleged\n2026-05", "edit",
         {"speaker": "Anna Berg", "stance": "alleged", "when": "2026-05"}),
        ("claim", "c\n-\nplanned\n-", "edit", {"speaker": "", "stance": "planned", "when": "-"}),
    ],
)  # fmt: skip
def test_a_decision_is_the_one_that_review_makes(
    tmp_path: Path, kind: str, typed: str, do: str, fields: dict[str, str]
) -> None:
    here, there = filled(tmp_path / "here.db"), filled(tmp_path / "there.db")
    view = read(here, NUMBER)
    first = next(iter(view.sentences.values())) if kind == "sentence" else view.claims[0]
    skipped = 0 if kind == "sentence" else len(view.sentences)
    if kind == "claim":
        fields = {"text": first.stands, **fields}

    assert decide(browser(desk(here)), here, first.name, do, **fields) == 303
    article = view.stored.article.id
    said = run("review", str(there), "--article", article, "--all", "--by", "Anna Berg",
               said="s\n" * skipped + f"{typed}\nq\n")  # fmt: skip

    assert said.code == 0, said
    assert without_time(kept(here)) == without_time(kept(there)) != []


def test_decided_again_undone_and_taken_back(client: TestClient, archive: Path) -> None:
    assert decide(client, archive, "s2", "edit", text="First.") == 303
    assert decide(client, archive, "s2", "edit", text="Second.") == 303
    page = client.get(f"/article/{NUMBER}").text
    assert "Second." in page
    assert "edited by Anna Berg" in page
    assert decide(client, archive, "s2", "undo") == 303
    assert read(archive, NUMBER).sentences[2].stands == "First."
    assert decide(client, archive, "", "undo") == 303
    assert kept(archive) == []
    assert decide(client, archive, "", "undo") == 409
    assert decide(client, archive, "s2", "undo") == 409


def test_what_another_person_decided_is_taken_back_as_a_whole(archive: Path) -> None:
    anna, ben = browser(desk(archive)), browser(desk(archive, by="Ben"))
    decide(anna, archive, "s2", "edit", text="First.")
    decide(ben, archive, "s2", "edit", text="Second.")
    assert decide(anna, archive, "", "undo") == 409
    assert decide(anna, archive, "s2", "undo") == 303
    assert kept(archive) == []


def test_a_decision_on_what_has_changed_since_is_refused(client: TestClient, archive: Path) -> None:
    page = client.get(f"/article/{NUMBER}").text
    old = {"csrf": token(page), "item": "s2", "seen": "", "do": "reject"}
    decide(browser(desk(archive, by="Ben")), archive, "s2", "edit", text="Another.")
    got = client.post(f"/article/{NUMBER}/decide", data=old)
    assert got.status_code == 409
    assert "edited by Ben" in got.text
    assert read(archive, NUMBER).sentences[2].stands == "Another."


@pytest.mark.parametrize(
    ("item", "do", "fields", "status"),
    [
        ("s2", "edit", {"text": "  "}, 422), ("s2", "nothing", {}, 422), ("s99", "accept", {}, 404),
        ("s2", "edit", {"text": "x" * 10_001}, 422), ("s2", "offer1", {}, 409), ("s2", "", {}, 422),
        ("<script>", "accept", {}, 404),
    ],
)  # fmt: skip
def test_what_cannot_be_decided(
    client: TestClient, archive: Path, item: str, do: str, fields: dict[str, str], status: int
) -> None:
    assert decide(client, archive, item, do, **fields) == status
    assert kept(archive) == []


@pytest.mark.parametrize(("field", "said"), [("stance", "shouted"), ("when", "tomorrow"), ("when", "2026-02-31")])
def test_a_claim_is_not_corrected_to_what_is_none(client: TestClient, archive: Path, field: str, said: str) -> None:
    one = read(archive, NUMBER).claims[0]
    stands = {"text": one.stands, "speaker": "", "stance": "reported", "when": ""}
    assert decide(client, archive, one.name, "edit", **{**stands, field: said}) == 422
    assert kept(archive) == []


def test_what_cannot_be_seen_is_not_kept(client: TestClient, archive: Path) -> None:
    assert decide(client, archive, "s2", "edit", text="Plain\0 \u202ewords\x1b[2J.\r\n") == 303
    assert read(archive, NUMBER).sentences[2].stands == "Plain words[2J."


def test_pages_and_decisions_beside_a_run_that_writes(client: TestClient, archive: Path) -> None:
    """`batch` writes: pages are read meanwhile, and a decision waits until what is written is written."""
    with ThreadPoolExecutor(1) as pool, Archive(archive) as writer:
        writer.database.run("BEGIN IMMEDIATE")
        writer.database.run("UPDATE articles SET topic = 'x' WHERE id = 1")
        page = client.get(f"/article/{NUMBER}")
        assert page.status_code == client.get("/archive?q=water").status_code == 200
        sent = {"csrf": token(page.text), "item": "s2", "seen": "", "do": "accept"}
        waits = pool.submit(client.post, f"/article/{NUMBER}/decide", data=sent, follow_redirects=False)
        with pytest.raises(TimeoutError):
            waits.result(0.3)
        writer.database.run("COMMIT")
        assert waits.result(20).status_code == 303


def test_a_rejected_claim_stays_to_be_taken_back(client: TestClient, archive: Path) -> None:
    name = claim(archive)
    decide(client, archive, name, "reject")
    page = client.get(f"/article/{NUMBER}").text
    assert "rejected by Anna Berg" in page
    assert len(read(archive, NUMBER).decided.claims or ()) == len(own(RICH).claims or ()) - 1
    assert decide(client, archive, name, "undo") == 303
    assert claim(archive) == name


def test_a_claim_of_an_earlier_run_stands_where_the_new_one_says_it_otherwise(
    archive: Path, client: TestClient
) -> None:
    decide(client, archive, claim(archive), "edit", text="As a person wrote it.")
    made = own(RICH)
    first, *rest = made.claims or ()
    again = made.model_copy(update={"claims": (first.model_copy(update={"text": "Worded anew."}), *rest)})
    with Archive(archive) as opened:
        opened.put([again.model_dump_json().encode()])
        number = opened.number(made.article.id, made.article.source)
    assert number is not None
    view = read(archive, number)
    assert "As a person wrote it." in [one.stands for one in view.claims]
    assert "Worded anew." not in [one.stands for one in view.claims]
    name = next(one.name for one in view.claims if one.stands == "As a person wrote it.")

    page = client.get(f"/article/{number}").text
    sent = {
        "csrf": token(page),
        "item": name,
        "seen": next(o.seen for o in view.claims if o.name == name),
        "do": "undo",
    }
    got = client.post(f"/article/{number}/decide", data=sent, headers={"hx-request": "true"})

    assert got.headers["hx-refresh"] == "true"
    assert "Worded anew." in [one.stands for one in read(archive, number).claims]


def test_htmx_is_sent_what_has_changed(client: TestClient, archive: Path) -> None:
    page = client.get(f"/article/{NUMBER}").text
    sent = {"csrf": token(page), "item": "s1", "seen": "", "do": "edit", "text": "A new headline"}
    got = client.post(f"/article/{NUMBER}/decide", data=sent, headers={"hx-request": "true"})
    assert set(re.findall(r'id="([\w-]+)"[^>]* hx-swap-oob', got.text)) == {
        "headline",
        "state",
        "read-first",
        "summary",
        "s1",
    }
    assert "<h1>A new headline</h1>" in got.text
    assert json.loads(got.headers["hx-trigger-after-settle"]) == {"decided": {"item": "s1"}}

    again = client.post(f"/article/{NUMBER}/decide", data=sent, headers={"hx-request": "true"})

    assert again.status_code == 409
    assert again.text.startswith('<p class="trouble">')


def test_the_memory_offers_what_was_written_for_like_german(client: TestClient, archive: Path) -> None:
    row = (own(RICH).translation or ())[3]
    like = Decision.on(row, "edited", "Offered <b>English</b>.", by="Ben")
    german = row.de.replace("Monat", "Jahr")
    archives.remember(archive, [like.model_copy(update={"german": "0" * 64, "text": german})])
    page = client.get(f"/article/{NUMBER}").text
    assert "Offered &lt;b&gt;English&lt;/b&gt;." in page
    assert decide(client, archive, f"s{row.n}", "offer1") == 303
    assert read(archive, NUMBER).sentences[row.n].stands == "Offered <b>English</b>."


def test_risk_comes_first(archive: Path, client: TestClient) -> None:
    made = own("bahn-warnstreik")
    risky = Risk(value=0.83, reasons=("rare words: Warnstreik",))
    rows = tuple(row.model_copy(update={"risk": risky}) for row in made.translation or ())
    number = put(archive, made.model_copy(update={"translation": rows, "risk": 0.83}))
    page = client.get(f"/article/{number}").text
    assert "Not usable for facts" in page
    assert page.index("Read these first") < page.index("In short")
    assert "risk 0.83; rare words: Warnstreik" in page


def test_a_point_that_is_a_sentence_says_what_the_person_wrote(client: TestClient, archive: Path) -> None:
    made = own("bahn-warnstreik")
    english = {row.n: row.en or "" for row in made.translation or ()}
    points = tuple(Point(text=english[n], sentences=(n,)) for n in (4, 5))
    short = Summary(headline="", bottom_line=english[3], bottom_line_sentences=(3,), points=points)
    number = put(archive, made.model_copy(update={"summary": short}))
    decide(client, archive, "s3", "edit", number, text="The bottom line.")
    decide(client, archive, "s4", "edit", number, text="The point.")
    decide(client, archive, "s5", "reject", number)
    found = read(archive, number).decided.summary
    assert found is not None
    assert (found.bottom_line, [point.text for point in found.points]) == ("The bottom line.", ["The point."])
    decide(client, archive, "s3", "reject", number)
    assert "No sentence is translated well enough" in client.get(f"/article/{number}").text


def test_days_are_written_as_the_archive_writes_english(client: TestClient, archive: Path) -> None:
    decide(client, archive, "s2", "accept")
    assert re.search(r"accepted by Anna Berg, \d+ [A-Z]\w+ 20", client.get(f"/article/{NUMBER}").text)
    with Archive(archive) as opened:
        preferences.write(opened, preferences.Preferences(english="american"))
    page = client.get(f"/article/{NUMBER}").text
    assert re.search(r"accepted by Anna Berg, [A-Z]\w+ \d+, 20", page)
    assert 'lang="en-US"' in page
    assert "May 6, 2026" in client.get("/archive").text


def test_what_the_paper_changed_is_told(client: TestClient, archive: Path) -> None:
    article = own(RICH).article
    with Archive(archive) as opened:
        changes = TextChanges(added=("Ein Satz.",))
        keep_version(opened, article.source, own(RICH).model_dump_json().encode(), "2026-05-01", "2026-05-02", changes)
        set_mark(opened, article.source, "corrected", "In einer früheren Version <b>", "2026-05-02")
    page = client.get(f"/article/{NUMBER}").text
    assert "2 May 2026: 1 added" in page
    assert "In einer früheren Version &lt;b&gt;" in page


def put(archive: Path, analysis: Analysis) -> int:
    with Archive(archive) as opened:
        opened.put([analysis.model_dump_json().encode()])
        number = opened.number(analysis.article.id, analysis.article.source)
    assert number is not None
    return number


def test_nothing_foreign_is_markup(archive: Path, client: TestClient) -> None:
    made, said = own(RICH), [text or "x" for text in hostile()]
    plain = client.get(f"/article/{NUMBER}").text.lower()
    for first in range(0, len(said), 4):
        turned = cycle(said[first:] + said[:first])
        about = {name: next(turned) for name in ("outlet", "author", "topic", "source")}
        rows = tuple(row.model_copy(update={"en": next(turned)}) for row in made.translation or ())
        claims = tuple(
            one.model_copy(update={"text": next(turned), "speaker": next(turned)}) for one in made.claims or ()
        )
        article = made.article.model_copy(update=about)
        number = put(archive, made.model_copy(update={"translation": rows, "claims": claims, "article": article}))
        page = client.get(f"/article/{number}").text.lower()
        for tag in ("<script", "<img", "<iframe", "<style", "<svg", '<a href="javascript', ' onerror="'):
            assert page.count(tag) <= plain.count(tag), (tag, about)
        assert "\u202e" not in page


@pytest.mark.parametrize("form", sorted(FORMS))
def test_it_is_saved_as_people_decided(client: TestClient, archive: Path, form: str) -> None:
    decide(client, archive, "s2", "edit", text="Unmistakable words.")
    got = client.get(f"/article/{NUMBER}/save/{form}")
    assert got.status_code == 200
    assert got.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
    made = next(iter(results.read_results(archive, article=own(RICH).article.id, reviewed=True)))
    expected = results.render(made, form)
    if form.startswith("docx"):
        assert got.content[:2] == b"PK"
    else:
        assert got.content == (expected.encode() if isinstance(expected, str) else expected)
    if form in ("html", "md", "txt", "json", "tmx", "xliff"):
        assert b"Unmistakable words." in got.content


@pytest.mark.parametrize(
    "path", ["/article/999", "/article/1/save/exe", "/article/99999999999999999999", "/article/of/ff"]
)
def test_what_is_not_there(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_an_id_leads_to_its_article(client: TestClient) -> None:
    got = client.get(f"/article/of/{own(RICH).article.id}", follow_redirects=False)
    assert got.headers["location"] == f"/article/{NUMBER}"


def test_compared_with_a_file_and_with_another_of_the_archive(client: TestClient, archive: Path) -> None:
    made = own(RICH)
    rows = tuple(
        row.model_copy(update={"en": "Quite other words."}) if row.n == 4 else row for row in made.translation or ()
    )
    other = made.model_copy(update={"translation": rows})
    file = {"file": ("../b.jsonl", own(SLUGS[1]).model_dump_json() + "\n" + other.model_dump_json() + "\n")}
    form = {"csrf": token(client.get(f"/article/{NUMBER}").text)}
    for _ in range(2):  # it may be loaded again
        sent = client.post(f"/article/{NUMBER}/compare", data=form, files=file)
        assert sent.status_code == 200
        assert "Quite other words." in sent.text
        assert "1 differ, 17 do not." in sent.text
    strange = client.post(f"/article/{NUMBER}/compare", data=form, files={"file": ("x.json", b"{}")})
    assert strange.status_code == 422
    number = put(archive, other.model_copy(update={"article": made.article.model_copy(update={"source": "again.txt"})}))
    assert "again.txt" in client.get(f"/article/{NUMBER}").text
    assert "Quite other words." in client.get(f"/article/{NUMBER}/compare?other={number}").text
    assert client.get(f"/article/{NUMBER}/compare?other=2").status_code == 422
