"""verify: a finished note holds; whatever is changed in it is found, with a new seal too."""

import asyncio
import json
import re
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import briefing_world
from note_engine import NoteEngine
from note_sample import sample
from presseschau.briefing.brief import brief
from presseschau.briefing.sentences import citable_claims
from presseschau.briefing.verify import _gives, verify
from presseschau.lang import listed
from presseschau.notes import Figure, Note, Source, SourceClaim, sealed
from presseschau.output.note_compared import strange_in
from presseschau.output.note_markdown import note_markdown
from presseschau.output.note_markdown_read import read_markdown_note
from presseschau.output.note_page import note_page
from presseschau.results import verify_stored
from searching import examples


@cache
def text():
    return asyncio.run(brief(briefing_world.analyses(), NoteEngine())).model_dump_json()


def codes(data, *, sealed_again=False):
    note = Note.model_validate(data)
    return {f.code for f in verify(sealed(note) if sealed_again else note) if f.severity == "error"}


def test_a_finished_note_holds():
    assert codes(json.loads(text())) == set()


def digits(data):
    """Places of the strings with a digit that a reader sees: every text of the note and of its claims."""
    found = []

    def walk(value, path):
        if isinstance(value, dict):
            for name, inner in value.items():
                walk(inner, (*path, name))
        elif isinstance(value, list):
            for i, inner in enumerate(value):
                walk(inner, (*path, i))
        elif (
            isinstance(value, str) and any(c.isdigit() for c in value) and path[-1] in ("text", "title", "de", "value")
        ):
            found.append(path)

    walk(data, ())
    return found


def put(data, path, value):
    for step in path[:-1]:
        data = data[step]
    data[path[-1]] = value


def get(data, path):
    for step in path:
        data = data[step]
    return data


@pytest.mark.slow
@settings(max_examples=examples(10), suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_digit_changed_anywhere_is_found(data):
    note = json.loads(text())
    path = data.draw(st.sampled_from(digits(note)))
    old = get(note, path)
    at = data.draw(st.sampled_from([i for i, c in enumerate(old) if c in "123456789"] or [-1]))
    if at >= 0:
        put(note, path, f"{old[:at]}{int(old[at]) % 9 + 1}{old[at + 1 :]}")

        assert "note.tampered" in codes(note)


def figure(note):
    note["key_points"][0]["text"] = note["key_points"][0]["text"].replace("17", "71")


def bottom_line(note):
    note["bottom_line"][1]["text"] = note["bottom_line"][1]["text"].replace("40,000", "400,000")


def title(note):
    note["stories"][0]["title"] = note["stories"][0]["title"].replace("17", "19")


def note_title(note):
    note["title"] = "Three people died in Brunsbek"


def moved_citation(note):
    story = note["stories"][0]
    story["points"][0]["claims"] = [f"{story['sources'][0]}.c3"]


def citation_of_nothing(note):
    note["key_points"][0]["claims"].append("99.c1")


def without_citation(note):
    note["key_points"][0]["claims"] = []


def german(note):
    sentence = note["sources"][0]["sentences"][1]
    sentence["de"] = sentence["de"].replace("14", "41")


def german_of_claim_and_source(note):
    claim = next(one for one in note["claims"] if one["source"] == 1 and "14" in one["claim"]["evidence"][0]["text"])
    evidence = claim["claim"]["evidence"][0]
    changed = evidence["text"].replace("14", "41")
    for sentence in note["sources"][0]["sentences"]:
        if sentence["de"] == evidence["text"]:
            sentence["de"] = changed
    evidence["text"] = changed


def german_of_evidence(note):
    evidence = note["claims"][0]["claim"]["evidence"][0]
    evidence["text"] = evidence["text"].replace("14", "41")


def claim_text(note):
    note["claims"][0]["claim"]["text"] = note["claims"][0]["claim"]["text"].replace("14", "41")


def claim_of_another_source(note):
    note["claims"][0]["source"] = 9


def unsupported_claim(note):
    name = note["bottom_line"][0]["claims"][0]
    next(one for one in note["claims"] if one["id"] == name)["claim"]["supported"] = False


def speaker_in_sentence(note):
    for one in (point for story in note["stories"] for point in story["points"]):
        if "Hauke Brodersen" in one["text"]:
            one["text"] = one["text"].replace("Hauke Brodersen", "Wiebke Asmus")


def speaker_of_claim(note):
    one = next(one["claim"] for one in note["claims"] if one["claim"]["speaker"] == "Hauke Brodersen")
    one["speaker"] = "Karsten Vollmer"


def denial(note):
    for one in (point for story in note["stories"] for point in story["points"]):
        one["text"] = one["text"].replace("There is no danger", "There is danger")


TAMPERINGS = [
    figure, bottom_line, title, note_title, moved_citation, citation_of_nothing, without_citation, german,
    german_of_claim_and_source, german_of_evidence, claim_text, claim_of_another_source, unsupported_claim,
    speaker_in_sentence, speaker_of_claim, denial,
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("tamper", TAMPERINGS, ids=lambda tamper: tamper.__name__)
def test_tampering_is_found_even_by_one_who_makes_a_new_seal(tamper):
    data = json.loads(text())
    tamper(data)

    assert data != json.loads(text())
    assert codes(data) >= {"note.tampered"}
    assert codes(data, sealed_again=True)


TABLES = {
    "positions": ("speaker", "text", "stance", "claims"),
    "timeline": ("date", "text", "claims"),
    "comparisons": ("about", "kind"),
    "corrections": ("text", "before"),
    "single_source": ("text", "claims"),
    "questions": ("text", "claims"),
}


@pytest.mark.slow
@pytest.mark.parametrize("table", TABLES)
def test_a_row_that_the_claims_do_not_give_is_found(table):
    data = json.loads(text())
    changed = 0
    for story in [one for one in data["stories"] if one[table]][:1]:
        for row in story[table][:1]:
            for name in TABLES[table]:
                again = json.loads(text())
                other = again["stories"][data["stories"].index(story)][table][0]
                other[name] = ["1.c3"] if name == "claims" else "2026-01-01" if name == "date" else "Karsten Vollmer"
                if name == "kind":
                    other[name] = next(k for k in ("agreed", "disputed", "changed") if k != row[name])
                if name == "stance":
                    other[name] = "opinion" if row[name] != "opinion" else "asserted"
                if other != row:
                    changed += 1
                    assert "note.tampered" in codes(again, sealed_again=True), (table, name)
    assert changed


def test_speakers_exchanged_between_positions_are_found():
    data = json.loads(text())
    story = next(one for one in data["stories"] if len({row["speaker"] for row in one["positions"]}) > 1)
    first = story["positions"][0]
    other = next(row for row in story["positions"] if row["speaker"] != first["speaker"])
    first["speaker"], other["speaker"] = other["speaker"], first["speaker"]

    assert "note.tampered" in codes(data, sealed_again=True)


def test_what_other_rules_would_tell_otherwise_is_a_note():
    """A row that an older version made, and this one would not: its claims say it, so nothing is wrong with it."""
    data = json.loads(text())
    story = next(one for one in data["stories"] if one["single_source"])
    other = next(c for c in data["claims"] if c["source"] in story["sources"] and c["claim"]["supported"]
                 and c["claim"]["text"] not in {row["text"] for row in story["single_source"]})  # fmt: skip
    story["single_source"].append({"text": other["claim"]["text"], "claims": [other["id"]], "findings": []})
    comparison = next(one for one in story["comparisons"] if one["kind"] == "disputed")
    del comparison["figures"][2:]
    first, second = (next(c for c in data["claims"] if c["source"] == n) for n in story["sources"][:2])
    sides = [
        {"value": c["claim"]["text"].rstrip("."), "claims": [c["id"]], "sources": [c["source"]]}
        for c in (first, second)
    ]
    story["comparisons"].append({"about": "whether", "kind": "disputed", "figures": sides})
    found = verify(sealed(Note.model_validate(data)))

    assert [f for f in found if f.severity == "error"] == []
    assert "note.retold" in {f.code for f in found}


# --- pages of other versions ------------------------------------------------------------------------------------------

CONTINUITY = Path(__file__).parents[2] / "fixtures/continuity"


def note_and_page(name="next.json"):
    note = Note.model_validate_json((CONTINUITY / name).read_text("utf-8"))
    return note, note_page(note)


def row_away(page):
    return re.sub(r"<li>(?:(?!</li>).)*?The fire brigade.*?</li>\n", "", page, count=1, flags=re.DOTALL)


OTHERWISE_SET = {
    "style": lambda page: re.sub("<style>.*?</style>", "<style>p {}</style>", page, flags=re.DOTALL),
    "classes": lambda page: re.sub(r' class="(?:label|soft|line|lines [^"]*)"', "", page),
    "elements": lambda page: page.replace("<bdi", "<span").replace("</bdi>", "</span>"),
    "an element that is not closed": lambda page: page.replace("</bdi>", "", 3),
    "a heading of an earlier version": lambda page: page.replace(
        "<h3>Open questions</h3>", "<h3>Figures compared</h3>"
    ),
    "a row less": row_away,
    "a table less": lambda page: re.sub(r'<div class="block timeline">.*?</ul>', "", page, flags=re.DOTALL),
    "no contents": lambda page: re.sub(r"<nav.*?</nav>", "", page, flags=re.DOTALL),
}


@pytest.mark.slow
@pytest.mark.parametrize("change", OTHERWISE_SET.values(), ids=OTHERWISE_SET)
def test_a_page_that_another_version_sets_otherwise_is_a_note(change, tmp_path):
    _, page = note_and_page()
    other = change(page)
    assert other != page
    (tmp_path / "note.html").write_text(other, "utf-8")
    ((_, found),) = verify_stored(tmp_path / "note.html")

    assert [f for f in found if f.severity == "error"] == []
    assert [f.message for f in found if f.code == "note.retold"][-1].startswith("The page is set otherwise")


def changed(old, new, after=""):
    """The first `old` behind `after` replaced by `new`."""

    def change(page):
        start = page.index(after)
        return page[:start] + page[start:].replace(old, new, 1)

    return change


PAGE_TAMPERINGS = {
    "a digit of a sentence": changed("14 people were injured", "41 people were injured"),
    "a figure of a table": changed("<bdi>14 people</bdi>", "<bdi>15 people</bdi>"),
    "a figure that stands elsewhere": changed("<bdi>14 people</bdi>", "<bdi>17</bdi>"),
    "a date": changed("12 March 2026, 09:41", "13 March 2026, 09:41"),
    "a citation": changed('href="#1.c3"', 'href="#1.c6"'),
    "the place of a citation": changed('id="1.c3"', 'id="1.c99"'),
    "a citation less": changed('<a class="ref" href="#1.c3"', '<a class="ref"'),
    "a word of the German": changed("Großbrand in einer Lagerhalle", "Kleinbrand in einer Lagerhalle", 'id="evidence"'),
    "another word of the German": changed("In der Halle des", "Im Büro des", 'id="evidence"'),
    "a denial": changed("were deployed", "were not deployed"),
    "a sentence more": changed('<ul class="lines', '<p>It was arson.</p><ul class="lines'),
    "a heading of its own": changed("<h3>Open questions</h3>", "<h3>Proof of arson</h3>"),
    "the title": changed("<h1>Warehouse", "<h1>Arson"),
    "a speaker": changed(">The police<", ">The control centre<"),
    "the kind of a comparison": changed(">disputed<", ">changed<"),
    "how surely": changed("reported · ", ""),
    "whose paper": changed('<bdi class="carrier">Kieler Rundschau<', '<bdi class="carrier">Alpenpost<'),
    "where a link leads": changed('href="#source-3"', 'href="#source-1"'),
    "a program": changed("</body>", "<script>1</script></body>"),
    "a program in an element": changed("<body>", '<body onload="x()">'),
    "rows exchanged": lambda page: page.replace("were deployed in Brunsbek", "\0", 1)
    .replace("were stored in the warehouse of the company Nordlack", "were deployed in Brunsbek", 1)
    .replace("\0", "were stored in the warehouse of the company Nordlack", 1),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("change", PAGE_TAMPERINGS.values(), ids=PAGE_TAMPERINGS)
def test_what_a_page_says_otherwise_than_its_note_is_tampering(change, tmp_path):
    _, page = note_and_page()
    for other in (change(page), change(OTHERWISE_SET["style"](page))):
        assert other not in (page, OTHERWISE_SET["style"](page))
        (tmp_path / "note.html").write_text(other, "utf-8")
        ((_, found),) = verify_stored(tmp_path / "note.html")
        assert "note.tampered" in {f.code for f in found}


def test_the_words_of_the_page_itself_are_known_labels():
    """A label that is renamed stays in the list, so that pages with it are no tampered ones."""
    note, page = note_and_page()
    headings = re.findall(r"<h[23]>([^<]*)</h[23]>", page)
    own = {story.title for story in (*note.stories, *note.others)}
    assert {*headings} - own <= listed("en", "note_labels")
    assert len({*headings} - own) >= 8


@pytest.mark.slow
def test_any_digit_changed_in_the_text_of_a_page_is_found():
    note, page = note_and_page("note.json")
    text = re.compile(r"(?<=>)[^<>]*\d[^<>]*(?=<)")
    end = page.index("</main>")
    places = [m.start() + m.group().index(d) for m in text.finditer(page, page.index("<main"), end)
              for d in [re.search(r"\d", m.group()).group()]]  # fmt: skip
    assert len(places) > 40
    cited = re.compile(r'aria-label="evidence \d+">\d*$')
    for at in places:
        if cited.search(page[max(0, at - 60) : at]):
            continue  # the number under which a citation is shown; where it leads is held
        assert strange_in(f"{page[:at]}{(int(page[at]) + 1) % 10}{page[at + 1 :]}", note), page[at - 40 : at + 20]


# --- notes in Markdown ------------------------------------------------------------------------------------------------


def found_in(markdown, tmp_path):
    (tmp_path / "note.md").write_text(markdown, "utf-8")
    ((_, found),) = verify_stored(tmp_path / "note.md")
    return found


def without_seal(markdown):
    """As earlier versions wrote it."""
    return markdown[: markdown.rindex("\n[//]: # (")]


def test_a_note_in_markdown_is_read_back():
    note, _ = note_and_page()
    read = read_markdown_note(note_markdown(note))
    known = {one.id: one.claim for one in note.claims}
    assert read.sealed
    assert len(read.claims) > 20
    for one in read.claims:
        claim = known[one.id]
        assert (one.claim.text, one.claim.speaker) == (claim.text, claim.speaker)
        assert [e.text for e in one.claim.evidence] == [e.text for e in claim.evidence]
    said = {(one.text, one.claims) for one in read.statements}
    assert {(one.text, one.claims) for one in (*note.bottom_line, *note.key_points)} <= said
    assert {value for one in read.statements if one.figure for value in [one.text]} >= {
        figure.value for story in note.stories for row in story.comparisons for figure in row.figures
    }


def test_a_note_in_markdown_holds_and_an_unsealed_one_is_said_to_be_older(tmp_path):
    markdown = note_markdown(Note.model_validate_json(text()))
    assert [f for f in found_in(markdown, tmp_path) if f.severity == "error"] == []
    assert "note.retold" not in {f.code for f in found_in(markdown, tmp_path)}
    older = found_in(without_seal(markdown), tmp_path)
    assert [f for f in older if f.severity == "error"] == []
    assert "carries no seal" in older[-1].message
    assert found_in(markdown.replace("\n", "\r\n"), tmp_path) == found_in(markdown, tmp_path)


MARKDOWN_TAMPERINGS = {
    "a digit of a sentence": (changed("14 people were injured", "41 people were injured"), "number.added"),
    "a figure": (changed("**17 people**", "**18 people**"), "note.tampered"),
    "a citation": (changed("Brunsbek.[^1.c6]", "Brunsbek.[^1.c4]"), "citation.unrelated"),
    "a citation of nothing": (changed("[^1.c6]", "[^9.c6]"), "citation.unknown"),
    "a digit of the German": (changed("gegen 4.20 Uhr", "gegen 5.20 Uhr", "[^1.c2]: "), "number.added"),
    "a digit of a claim": (changed("4.20 am", "5.20 am", "[^1.c2]: "), "number.added"),
    "a denial": (changed("were deployed", "were not deployed"), "negation.added"),
}


@pytest.mark.slow
@pytest.mark.parametrize(("change", "code"), MARKDOWN_TAMPERINGS.values(), ids=MARKDOWN_TAMPERINGS)
def test_what_is_changed_in_markdown_is_found_by_its_seal_and_without_it(change, code, tmp_path):
    note, _ = note_and_page()
    markdown = note_markdown(note)
    other = change(markdown)
    assert other != markdown
    assert "note.tampered" in {f.code for f in found_in(other, tmp_path)}
    assert code in {f.code for f in found_in(without_seal(other), tmp_path) if f.severity == "error"}


def test_any_other_change_of_markdown_breaks_its_seal(tmp_path):
    note, _ = note_and_page()
    markdown = note_markdown(note)
    for old, new in (
        ("Großbrand", "Kleinbrand"),
        ("Kieler Rundschau", "Alpenpost"),
        ("## Method", "## Method\n\nMore."),
    ):
        assert "note.tampered" in {f.code for f in found_in(markdown.replace(old, new, 1), tmp_path)}


def test_a_note_that_lacks_a_source_is_told_so():
    note = sample()
    codes = {found.code for found in verify(note.model_copy(update={"sources": note.sources[1:]}))}
    assert {"note.tampered", "citation.unknown"} <= codes


def test_a_figure_cut_of_its_scale_is_found():
    figure = Figure(value="85", claims=("1.c1",), sources=(1,))
    data = json.loads(text())
    claim = next(one for one in data["claims"] if one["id"] == "1.c1")
    claim["claim"]["text"] = "Mr Roth paid 85 billion euros."
    claims = tuple(SourceClaim.model_validate(one) for one in data["claims"])
    on = citable_claims(claims, tuple(Source.model_validate(one) for one in data["sources"]))

    assert not _gives(figure, on)
    assert _gives(figure.model_copy(update={"value": "85 billion"}), on)
