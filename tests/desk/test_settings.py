"""Settings: kept in the archive, wrong ones said at their field and changing nothing, keys never shown or stored."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from desk_visit import token
from desk_work import Work, at_work
from fault_server import completion
from llm.local.loopback_hub import CONTENT, LoopbackHub, tiny_model
from note_server import everything
from presseschau.desk import preferences
from presseschau.desk.app import Desk
from presseschau.desk.preferences import FromCommandLine, Preferences
from presseschau.errors import ConfigurationError
from presseschau.library.store import Archive
from presseschau.llm.local.store import LocalModel

TEXT = (Path(__file__).parents[2] / "fixtures/briefing/a1-hansebote.txt").read_text("utf-8")
KEY = "sk-a-key-that-nobody-may-see"


@pytest.fixture(autouse=True)
def own_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("OPENAI_API_KEY", KEY)


def save(work: Work, files: object = None, **fields: str):
    known = {"csrf": token(work.client.get("/settings").text), "english": "british", "at_once": "4"}
    return work.client.post("/settings", data={**known, **fields}, files=files)


def kept(work: Work) -> Preferences:
    with Archive(work.desk.archive, reads=True) as archive:
        return preferences.read(archive)


@pytest.fixture(scope="module")
def unset(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Work]:
    """A desk at which nothing was set."""
    with at_work(tmp_path_factory.mktemp("unset"), [everything], named=False) as work:
        yield work


def test_what_is_saved_is_kept_and_followed(tmp_path: Path) -> None:
    with at_work(tmp_path, [everything], named=False) as work:
        assert (
            save(work, model="m", base_url=work.url, price="1, 2", english="american", budget="2,5").status_code == 200
        )
        assert kept(work) == Preferences(model="m", base_url=work.url, price="1, 2", english="american", budget=2.5)
        page = work.client.get("/settings").text
        assert 'value="2.5"' in page
        assert "OPENAI_API_KEY of the environment, which is set" in page
        job = work.put_in(text=TEXT)
        price = work.until("offered", job).price
        assert (price["model"], price["address"]) == ("m", work.url)
        for model in ("n", "m"):  # what waits for a yes is priced anew
            save(work, model=model, english="american")
            work.wait(lambda model=model: (work.job(job).price or {}).get("model") == model)
        work.press("start", f"/inbox/{job}")
        work.until("done", job)
        assert "American English" in work.requests[0].json["messages"][-1]["content"]
        page = work.client.get("/settings").text
        assert "Cost by day" in page
        assert re.search(r"<td>m at http://127.0.0.1:\d+/v1</td><td class=\"n\">3</td>", page)
        for at in ("/settings", "/inbox", f"/inbox/{job}"):
            assert KEY not in work.client.get(at).text
        assert KEY.encode() not in work.desk.archive.read_bytes()


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("base_url", "ftp://x", "not a web address"),
        ("base_url", "https://u:p@host/v1", "Leave name and password out"),
        ("model", "two words", "no spaces"),
        ("model", KEY, "looks like a key"),
        ("model", "local:nobody-knows-it", "nobody-knows-it"),
        ("price", "cheap", "two numbers"),
        ("budget", "a lot", "US dollars"),
        ("budget", "-1", "US dollars"),
        ("budget", "1", "No price of this model"),
        ("at_once", "0", "from 1 to 16"),
        ("at_once", "<script>alert(1)</script>", "from 1 to 16"),
        ("english", "scots", ""),
        ("second_reader", "local:nobody-knows-it", "nobody-knows-it"),
    ],
)
def test_a_wrong_setting_is_said_at_its_field_and_changes_nothing(
    unset: Work, field: str, value: str, said: str
) -> None:
    given = {"model": "m", "base_url": "" if value.startswith("local:") else "http://192.0.2.1/v1", field: value}
    answer = save(unset, **given)
    assert answer.status_code == 422
    assert said in answer.text
    assert "<script>alert" not in answer.text
    assert "Nothing was changed" in answer.text
    assert re.search(rf'id="{"price" if value == "1" else field}"[^>]*aria-invalid="true"', answer.text)
    assert kept(unset) == Preferences()


def test_a_glossary_is_kept_and_a_bad_one_is_refused(tmp_path: Path) -> None:
    good = "source;target\nStadtrat;town council\n".encode("cp1252")
    with at_work(tmp_path, [everything], named=False) as work:
        assert save(work, files={"glossary": ("mein.csv", good)}).status_code == 200
        assert kept(work).glossary_name == "mein.csv"
        set_up = preferences.set_up(kept(work), FromCommandLine(model="m", base_url=work.url))
        assert "Stadtrat" in {entry.source for entry in set_up.options.glossary.entries}
        bad = save(work, files={"glossary": ("bad.csv", b"source,target\nStadtrat,\n")})
        assert bad.status_code == 422
        assert "bad.csv" in bad.text
        assert kept(work).glossary_name == "mein.csv"
        save(work, no_glossary="1")
        assert kept(work).glossary == ""


def test_what_serve_was_given_wins_and_is_said(tmp_path: Path) -> None:
    with at_work(tmp_path, [everything]) as work:
        page = work.client.get("/settings").text
        assert page.count("Named when the desk was started") == 3
        assert 'name="model"' not in page
        save(work, model="other", base_url="http://192.0.2.1/v1")
        assert kept(work).model == ""
        given = FromCommandLine(model="mine")
        assert given.over(Preferences(model="kept", base_url="http://192.0.2.1/v1", price="1,1")).base_url == ""


def test_an_archive_of_somebody_else_does_not_say_where_texts_and_keys_go(tmp_path: Path) -> None:
    """Its settings name an address that nobody chose on this machine."""
    with at_work(tmp_path, [everything], named=False) as work:
        foreign = Preferences(model="m", base_url=work.url)
        with Archive(work.desk.archive) as archive:
            preferences.write(archive, foreign)
        job = work.put_in(text=TEXT)
        offered = work.until("offered", job)
        assert "nobody chose that on this machine" in offered.price["said"]
        assert "nobody chose that on this machine" in work.client.get(f"/inbox/{job}").text
        with pytest.raises(ConfigurationError):
            preferences.set_up(foreign, FromCommandLine(second_reader="r", reader_base_url=work.url))
        work.client.post(f"/inbox/{job}/start", data={"csrf": token(work.client.get("/inbox").text)})
        work.wait(lambda: work.desk.queue.now.held is not None)
        assert work.requests == []

        save(work, model="m", base_url=work.url)
        work.wait(lambda: work.job(job).state in ("done", "failed"))
        assert work.requests


def test_the_model_is_asked_a_tiny_question_and_what_it_says_is_shown(tmp_path: Path) -> None:
    said = ["{}"]
    with at_work(tmp_path, [lambda seen: completion(said[-1])]) as work:
        assert work.press("check", "/settings").status_code == 200
        assert "Cannot be used" in work.client.get("/settings").text
        said.append('{"sentences": [{"n": 1, "en": "Good morning."}]}')
        work.press("check", "/settings")
        assert "Good morning" in work.client.get("/settings").text
        assert KEY not in work.client.get("/settings").text


def test_a_damaged_setting_is_passed_over(tmp_path: Path) -> None:
    with at_work(tmp_path, [everything], named=False) as work:
        with Archive(work.desk.archive) as archive:
            for name, value in (("at_once", '"x"'), ("budget", "{"), ("english", '"american"'), ("later", "1")):
                archive.database.run("INSERT INTO settings VALUES (?, ?)", name, value)
        assert kept(work) == Preferences(english="american")
        assert work.client.get("/settings").status_code == 200


def test_a_model_that_is_not_there_is_fetched_by_a_button(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = tiny_model()
    local = LocalModel(model.name, tmp_path / model.filename, model.sha256, 2048, tmp_path, model)
    monkeypatch.setattr(Desk, "lacking", lambda desk: None if local.path.is_file() else local)
    with at_work(tmp_path, [everything]) as work:
        with LoopbackHub(CONTENT, "whole") as hub:
            monkeypatch.setenv("HF_ENDPOINT", hub.url)
            assert f"The model {model.name} is not on this machine yet." in work.client.get("/settings").text
            work.press("fetch", "/settings")
            work.desk.fetch.join()
        assert local.path.read_bytes() == CONTENT
        assert "not on this machine yet" not in work.client.get("/settings").text


def test_a_model_that_cannot_be_fetched_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = tiny_model()
    local = LocalModel(model.name, tmp_path / model.filename, model.sha256, 2048, tmp_path, model)
    monkeypatch.setattr(Desk, "lacking", lambda desk: local)
    with at_work(tmp_path, [everything]) as work, LoopbackHub(CONTENT[:-1] + b"!", "whole") as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        work.press("fetch", "/settings")
        work.wait(lambda: bool(work.desk.fetch.said))
        work.desk.fetch.join()
        assert "The last time it did not work" in work.client.get("/settings").text
        assert not local.path.exists()
