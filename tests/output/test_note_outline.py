"""The order of a note and what it counts, and how its dates are said."""

import pytest

from note_sample import american, nothing, sample
from presseschau.notes import Story
from presseschau.output.note_outline import outline
from presseschau.output.note_references import in_order, references
from presseschau.output.wording import in_words, period


def test_blocks_come_in_the_order_in_which_professionals_read():
    whole = outline(sample())
    assert [block.name for block in whole.front] == ["bottom", "points", "changes"]
    fire = whole.stories[2]
    assert [block.name for block in fire.blocks] == [
        "points",
        "positions",
        "timeline",
        "figures",
        "single",
        "questions",
    ]
    assert [chapter.title for chapter in whole.stories] == [story.title for story in sample().stories]


def test_what_is_empty_has_no_heading():
    whole = outline(nothing())
    assert [block.name for block in whole.front] == ["bottom"]
    assert (whole.stories, whole.others, whole.left_out.lines, whole.numbers) == ((), (), (), {})
    bare = Story(title="A", sources=(1,), points=())
    assert outline(nothing().model_copy(update={"stories": (bare,)})).stories[0].blocks == ()


def test_references_are_numbered_by_first_mention():
    numbers = outline(sample()).numbers
    assert list(numbers)[:6] == ["11.c1", "11.c2", "14.c1", "4.c1", "1.c4", "5.c1"]
    assert list(numbers.values()) == list(range(1, len(numbers) + 1))
    cited = {one.id: one for one in references(sample(), numbers)}
    assert [one.number for one in in_order(("5.c1", "11.c1", "5.c1"), cited)] == [1, 6]


def test_a_reference_holds_claim_german_english_voices_paper_and_date():
    one = next(r for r in references(sample(), outline(sample()).numbers) if r.id == "6.c1")
    assert (one.text, one.stance, one.source) == ("At least 14 people were injured in the fire.", "reported", 6)
    assert [(v.part, v.name) for v in one.chain] == [
        ("said by", "the fire brigade"),
        ("via", "dpa"),
        ("carried by", "Alpenpost"),
    ]
    assert one.passages[0].de.startswith("Mindestens 14 Personen")
    assert one.passages[0].en.startswith("At least 14 people")
    assert one.date == "12 March 2026, 17:05"


def test_an_id_that_is_not_in_the_note_says_so():
    (one,) = references(sample(), {"99.c9": 1})
    assert (one.supported, one.anchor, one.text) == (False, "99.c9", "This claim is not in the note.")


def test_a_wire_copy_is_no_independent_source():
    whole = outline(sample())
    assert whole.counts == ("18 articles", "16 independent", "12 outlets")
    assert whole.sources[1].copy_of == "same text as 1, Der Hansebote (dpa): both count as one"
    damage = next(f for b in whole.stories[2].blocks for f in b.figures if f.kind == "disputed")
    assert [cell.givers for cell in damage.cells] == [
        "Der Hansebote (dpa), Fördezeitung (copy)",
        "Kieler Rundschau, Fördezeitung",
    ]


def test_a_speaker_who_comes_again_is_marked():
    positions = next(b for b in outline(sample()).stories[2].blocks if b.name == "positions").lines
    assert [line.again for line in positions] == [False, False, True, False, False]
    assert positions[1].label == "Plant manager Wiebke Asmus"


def test_americans_read_american_dates():
    timeline = next(b for b in outline(american()).stories[0].blocks if b.name == "timeline").lines
    assert timeline[0].label == "March 10, 2026"
    assert outline(american()).period == "March 5–18, 2026"
    assert outline(sample()).period == "5–18 March 2026"


@pytest.mark.parametrize(
    ("iso", "british", "american"),
    [
        ("2025-12-20", "20 December 2025", "December 20, 2025"),
        ("2025-12-20T19:25:08", "20 December 2025, 19:25", "December 20, 2025, 7:25 p.m."),
        ("2025-12-20T00:05", "20 December 2025, 00:05", "December 20, 2025, 12:05 a.m."),
        ("2025-12-20T12:00Z", "20 December 2025, 12:00 UTC", "December 20, 2025, 12:00 p.m. UTC"),
        ("2025-12", "December 2025", "December 2025"),
        ("2025-13", "2025-13", "2025-13"),
        ("2025", "2025", "2025"),
        ("0000", "0000", "0000"),
    ],
)
def test_dates_in_both_kinds_of_english(iso, british, american):
    assert (in_words(iso), in_words(iso, american=True)) == (british, american)


@pytest.mark.parametrize(
    ("since", "until", "words"),
    [
        ("2026-03-05", "2026-03-18", "5–18 March 2026"),
        ("2026-03-05T10:00", "2026-03-05", "5 March 2026"),
        ("2026-02-27", "2026-03-18", "27 February 2026 – 18 March 2026"),
        ("2026-03-05", None, "from 5 March 2026"),
        (None, "2026-03-18", "until 18 March 2026"),
        (None, None, ""),
        ("2026-03", "2026-03-18", "March 2026 – 18 March 2026"),
        ("2026-03-40", "2026-03-41", "2026-03-40 – 2026-03-41"),
        ("soon", "later", "soon – later"),
    ],
)
def test_periods(since, until, words):
    assert period(since, until) == words
