"""The figures of the docs are what their outputs say; one that is changed by hand, or has no marker, is found."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests" / "measure"))

import figures  # noqa: E402

PAGE = """# A page

<!-- figures: lots -->
| lot | found |
|---|---|
| first, 60 | 50 |

Some 12 % of it, `13 %` in code, WMT22, 3:1, 11:50, and 4 of 9.

<!-- figures: share -->
It has 98 rows, 75.0 % of 1,204.
"""


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """A folder of outputs, and what the page's figures are bound to."""
    (tmp_path / "meaning.txt").write_text(
        "# command\n\nsecond\n  in all 3\nfirst\n  in all   50/60\nshare 74.96 of 1204\n"
    )
    monkeypatch.setattr(figures, "KEPT", tmp_path)
    places = {
        "lots": ["=60 set", "meaning|first > in all|0"],
        "share": ["meaning|share|0", "meaning|share|1"],
    }
    monkeypatch.setattr(figures, "bindings", lambda: {"page": places})
    monkeypatch.setattr(figures, "settings", lambda: {"pages": {}, "page": {"^Some 12": "an example"}})
    figures.output.cache_clear()
    yield places
    figures.output.cache_clear()


def test_every_figure_is_what_its_output_says():
    """The docs themselves, as `make lint` holds them, but for the live ones that other tests pin."""
    wrong = []
    for name, path in figures.pages().items():
        text = path.read_text("utf-8")
        new, faults = figures.written(name, text)
        wrong += faults
        wrong += [
            f"{name}.md says {one!r}, its outputs {other!r}"
            for one, other in zip(text.splitlines(), new.splitlines(), strict=True)
            if one != other
        ]
    assert not wrong, "make figures\n" + "\n".join(wrong)


def test_figures_are_written_as_their_outputs_say(kept):
    changed = PAGE.replace("| 50 |", "| 51 |").replace("75.0 %", "70.0 %")
    assert figures.written("page", changed) == (PAGE, [])


def test_a_figure_without_a_marker_is_found(kept):
    _, wrong = figures.written("page", PAGE + "\n| a | 7 |\n\nIt takes 3 ms.\n")
    assert [line.split(" (")[0] for line in wrong] == ["page.md:13: 7 has no marker", "page.md:15: 3 has no marker"]


def test_a_figure_that_is_new_in_its_block_is_found(kept):
    _, wrong = figures.written("page", PAGE.replace("| 50 |", "| 50 of 60 |"))
    assert wrong == ["page.md:4: 3 figures, 2 bound: figures.py --bind page"] or "3 figures, 2 bound" in wrong[0]


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("meaning|third > in all|0", "no line with 'third'"),
        ("meaning|first > in all|2", "has only 2 numbers"),
        ("gone|first|0", "run figures.py --record gone"),
        ("=60 guess", "gives no reason"),
        ("?60", "is not of the form"),
    ],
)
def test_an_address_that_leads_nowhere_is_said(kept, address, says):
    kept["lots"] = ["=60 set", address]
    _, wrong = figures.written("page", PAGE)
    assert len(wrong) == 1
    assert says in wrong[0]


@pytest.mark.parametrize(
    ("number", "figure", "written"),
    [
        (3.2419, "3.8", "3.2"),
        (3.2419, "3", "3"),
        (1997.0, "277", "1,997"),
        (0.18, "+0.20", "+0.18"),
        (-0.7, "+0.2", "-0.7"),
        (99.7, "100", "99.7"),
        (100.0, "99.7", "100.0"),
    ],
)
def test_a_number_is_written_as_the_page_has_it(number, figure, written):
    assert figures.like(number, figure) == written


def test_other_data_than_recorded_is_said(kept, tmp_path, monkeypatch):
    (tmp_path / "risk.txt").write_text("# data: pud-parallel@000000000000\n\nx 1\n")
    monkeypatch.setattr(figures, "digests", lambda folder: {"pud-parallel": "67f2b318b9a5"})
    assert figures.other_data() == ["risk.txt was made with pud-parallel@000000000000, here lies 67f2b318b9a5"]


def test_what_a_figure_is():
    line = "about 12 % and 4 of 9 [2.2, 7.3], $5, 30 articles, WMT22, v0.2.0, 3.5 GB, 10^4, 11:50, 40 ms"
    assert [line[a:b] for a, b in figures._spans(line, 0)] == ["12", "4", "9", "2.2", "7.3", "5", "3.5", "40"]
