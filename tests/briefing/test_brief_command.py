"""`brief` and `verify` as a user runs them: what is read, what is written, which exit code."""

import pytest

import briefing_world
import in_process
from fault_server import error
from note_server import endpoint, everything, good
from presseschau.notes import Note

KEY = "sk-canary-0123456789"


@pytest.fixture
def run(tmp_path):
    def ended(*arguments, **environment):
        settings = {
            "HOME": str(tmp_path),
            "XDG_CACHE_HOME": str(tmp_path / "cache"),
            "OPENAI_API_KEY": KEY,
            **environment,
        }
        return in_process.program(arguments, settings, tmp_path)

    return ended


@pytest.fixture
def results(tmp_path):
    """An archive of eight results and a folder with the others, as `batch` and `article` leave them."""
    every = briefing_world.analyses()
    (tmp_path / "out.jsonl").write_text("".join(a.model_dump_json() + "\n" for a in every[:8]), "utf-8")
    (tmp_path / "more").mkdir()
    for i, analysis in enumerate(every[8:]):
        (tmp_path / "more" / f"{i:02}.json").write_text(analysis.model_dump_json(indent=2), "utf-8")
    (tmp_path / "more" / "old.failed.jsonl").write_text('{"item": 1}\n', "utf-8")
    (tmp_path / "more" / "new.d").mkdir()
    for name in ("journal", "failed.jsonl"):
        (tmp_path / "more" / "new.d" / name).write_text('{"item": 1}\n', "utf-8")
    return tmp_path / "out.jsonl", tmp_path / "more"


@pytest.mark.slow
def test_from_results_to_a_note_that_verify_accepts_and_a_tampered_one_that_it_does_not(run, results, tmp_path):
    with endpoint([good]) as server:
        asked = ("-m", "m", "--base-url", server["url"])
        done = run("brief", *results, "-o", "note.json", *asked)
        page = run("brief", *results, "-o", "note.html", *asked)
        sent = len(server["requests"])

    assert (done.returncode, done.stdout, page.returncode) == (0, "", 0), done.stderr
    assert sent == 4  # three stories and the bottom line; the page is made from stored answers
    note = Note.model_validate_json((tmp_path / "note.json").read_bytes())
    assert [len(story.sources) for story in note.stories] == [6, 5, 5]
    checked = run("verify", "note.json", "note.html")
    assert checked.returncode == 0, checked.stdout
    text = (tmp_path / "note.json").read_text("utf-8")
    (tmp_path / "changed.json").write_text(text.replace("290 will go", "920 will go"), "utf-8")
    html = (tmp_path / "note.html").read_text("utf-8")
    (tmp_path / "changed.html").write_text(html.replace("290 will go", "920 will go", 1), "utf-8")
    for name in ("changed.json", "changed.html"):
        found = run("verify", name)
        assert found.returncode == 6
        assert "note.tampered" in found.stdout


@pytest.mark.slow
def test_raw_articles_are_analysed_first_and_asked_for_once(run):
    names = ("a1-hansebote", "a3-kieler-rundschau", "a4-hansebote")
    raw = [briefing_world.FIRST / f"{name}.txt" for name in names]
    with endpoint([everything]) as server:
        asked = ("-m", "m", "--base-url", server["url"], "--price", "1,100")
        first = run("brief", *raw, "--json", *asked)
        sent = len(server["requests"])
        again = run("brief", *raw, "--json", *asked)

        assert first.returncode == 0, first.stderr
        assert sent > 3 * 3
        assert len(server["requests"]) == sent
    note = Note.model_validate_json(first.stdout)
    assert again.stdout == first.stdout
    assert [story.sources for story in note.stories] == [(1, 2, 3)]
    assert {source.outlet for source in note.sources} == {"Der Hansebote", "Kieler Rundschau"}
    assert note.left_out == ()
    usage = note.method.usage
    assert usage.prompt_tokens > usage.completion_tokens > 0
    assert note.method.cost == pytest.approx((usage.prompt_tokens + 100 * usage.completion_tokens) / 1e6)


@pytest.mark.slow
def test_a_provider_that_is_down_is_75_and_writes_nothing(run, results, tmp_path):
    with endpoint([error(401)]) as server:
        refused = run("brief", results[1], "-o", "note.md", "-m", "m", "--base-url", server["url"])
    down = run("brief", results[1], "-o", "note.md", "-m", "m", "--base-url", "http://127.0.0.1:9/v1")

    assert (refused.returncode, down.returncode) == (4, 75)
    assert not (tmp_path / "note.md").exists()


@pytest.mark.slow
def test_a_limit_that_is_reached_is_5(run, results):
    done = run("brief", results[1], "-m", "m", "--base-url", "http://127.0.0.1:9/v1", "--max-tokens", "100")

    assert done.returncode == 5
    assert done.stdout == ""


@pytest.mark.slow
def test_nothing_to_read_is_1_and_what_cannot_be_read_is_named_and_3(run, results, tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "english.txt").write_text("The mayor of the town said that nobody was hurt. " * 12, "utf-8")
    with endpoint([good]) as server:
        asked = ("-m", "m", "--base-url", server["url"])
        none = run("brief", "empty", *asked)
        part = run("brief", *results, "english.txt", "--json", *asked)

    assert (none.returncode, none.stdout) == (1, "")
    assert "there is no note" in none.stderr
    assert part.returncode == 3, part.stderr
    (left,) = Note.model_validate_json(part.stdout).left_out
    assert "english.txt" in left.text
    assert "not German" in left.reason


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--since", "tomorrow"], "3 days ago"),
        (["--topic", "!"], "contains no word"),
        (["--exclude", "!"], "--exclude contains no word"),
        (["--until", "31.12.2026"], "--until"),
        (["--format", "docx"], "FILE.docx"),
        (["-o", "note.xyz"], "must end in"),
        (["--pages", "3"], "pages"),
    ],
)
def test_usage(run, results, arguments, said):
    done = run("brief", results[0], *arguments, "-m", "m", "--base-url", "http://127.0.0.1:9/v1")

    assert done.returncode == 2
    assert said in done.stderr


def test_a_note_about_nothing_is_said_to_be_empty(run, results):
    done = run("brief", results[0], "--since", "2099-01-01", "--json", "-m", "m", "--base-url", "http://127.0.0.1:9/v1")

    assert done.returncode == 7
    assert "No article is left" in done.stderr
    note = Note.model_validate_json(done.stdout)
    assert note.sources == ()
    assert note.left_out


@pytest.mark.slow
def test_damaged_results_and_misplaced_notes_are_said(run, results, tmp_path):
    text = results[0].read_text("utf-8").splitlines()
    (tmp_path / "bad.jsonl").write_text(text[0] + "\n" + text[1][:-30] + "\n", "utf-8")
    (tmp_path / "note.json").write_text('{"schema": "presseschau/note/1"}', "utf-8")
    asked = ("-m", "m", "--base-url", "http://127.0.0.1:9/v1")
    bad, note = run("brief", "bad.jsonl", *asked), run("brief", "note.json", *asked)

    assert (bad.returncode, note.returncode) == (1, 1)
    assert "line 2" in bad.stderr
    assert "--previous" in note.stderr
