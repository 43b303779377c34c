"""The desk in a real browser, as somebody new to it would use it: with JavaScript and by keyboard alone, and without.

Chromium is what is installed (`apt-get install chromium`); without one these tests are skipped.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

import briefing_world
import note_sample
from desk_server import Served, Visitor, served
from fault_server import Seen, completion, error
from note_server import Asked, endpoint
from presseschau import results
from presseschau.library import noted
from presseschau.library.store import Archive

pytest.importorskip("playwright", reason="no playwright: pip install 'presseschau[dev]'")
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Download, Page, Route, expect, sync_playwright

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no browser here: apt-get install chromium"),
]

ROOT = Path(__file__).parents[2]
PASTED = ROOT / "fixtures/briefing/second/d1-bergschweizer.txt"
AXE = Axe()
expect.set_options(timeout=30_000)
LOOKS = [(width, scheme) for width in (1280, 390) for scheme in ("light", "dark")]
APART = LOOKS if os.environ.get("PRESSESCHAU_ALL_LOOKS") else [(1280, "light"), (390, "dark")]  # all: 2 minutes more
"""Both schemes and both widths, where each is seen with what the other pages have shown."""


class Model:
    """A scripted endpoint that knows the articles of the sample, and one more; `gate` holds its answers back."""

    def __init__(self) -> None:
        known = [
            (briefing_world.first_line(article), briefing_world.answers(folder, name))
            for folder in (briefing_world.FIRST, briefing_world.SECOND)
            for name, article in briefing_world.articles(folder).items()
        ]
        self._reply = briefing_world.knowing(known)
        self.gate = threading.Event()
        self.gate.set()
        self.away = False

    async def __call__(self, seen: Seen) -> Any:
        await asyncio.to_thread(self.gate.wait)
        if self.away:
            return error(401, "This account is closed.")
        asked = Asked(seen)
        said = asked.messages[-1].content
        if asked.task != "note":
            asked.task = "summary" if "Task: summarise" in said else "translate" if " into " in said else "claims"
        return completion(json.dumps(self._reply(asked)), prompt_tokens=len(seen.raw) // 4)


@pytest.fixture(scope="module")
def model() -> Model:
    return Model()


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive that `make desk` opens, made as that makes it."""
    folder = tmp_path_factory.mktemp("browsed")
    command = [sys.executable, ROOT / "examples" / "make.py", "--sample", folder / "archive.db"]
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path), "XDG_CACHE_HOME": str(folder)}
    subprocess.run(command, env=env, check=True, capture_output=True)
    return folder / "archive.db"


@pytest.fixture(scope="module")
def desk(sample: Path, model: Model) -> Iterator[Served]:
    with endpoint([model]) as known, served(sample, "-m", "m", "--base-url", known["url"], "--price", "1,2") as running:
        let_in(running)
        yield running
        model.gate.set()


_COOKIES: dict[str, str] = {}


def let_in(desk: Served) -> None:
    """Lets all browsers of these tests in with the one address; the cookie is theirs."""
    visitor = Visitor(desk)
    assert visitor.enter().status == 303
    _COOKIES[desk.origin] = visitor.cookie


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def visit(chromium: Browser, desk: Served, *, scripted: bool = True, known: bool = True) -> Iterator[Page]:
    """A browser at the desk. It may load nothing from anywhere else, and may not complain."""
    context: BrowserContext = chromium.new_context(
        java_script_enabled=scripted, viewport={"width": 1280, "height": 900}
    )
    context.set_default_timeout(20_000)
    if known:
        name, _, value = _COOKIES[desk.origin].partition("=")
        context.add_cookies([{"name": name, "value": value, "url": desk.origin}])
    foreign: list[str] = []
    complaints: list[str] = []
    page = context.new_page()
    page.on("request", lambda request: None if request.url.startswith(desk.origin) else foreign.append(request.url))
    page.on("pageerror", lambda raised: complaints.append(str(raised)))
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    yield page
    context.close()
    assert foreign == []
    assert [one for one in complaints if "status of 4" not in one] == []  # of pages that are refused on purpose


def test_paste_read_correct_search_brief_and_save_by_keyboard(chromium: Browser, desk: Served, model: Model) -> None:
    with visit(chromium, desk) as page:
        page.goto(f"{desk.origin}/")
        expect(page).to_have_url(re.compile("/archive$"))  # it holds articles
        keys = page.keyboard
        tab_to(page, lambda: page.get_by_role("link", name="Inbox"))
        keys.press("Enter")
        expect(page).to_have_url(re.compile("/inbox$"))
        tab_to(page, lambda: page.get_by_label("Paste a text"))
        keys.insert_text(PASTED.read_text("utf-8"))
        tab_to(page, lambda: page.get_by_role("button", name="Read it, and say what it costs"))
        keys.press("Enter")
        expect(page.get_by_text("at most")).not_to_have_count(0)
        model.gate.clear()
        tab_to(page, lambda: page.get_by_role("button", name="Start"))
        keys.press("Enter")
        expect(page.get_by_text("translating, 0 of")).to_be_visible()
        expect(page.get_by_role("progressbar")).to_be_visible()
        model.gate.set()
        expect(page.get_by_text("Done. It cost")).to_be_visible()  # without a reload
        tab_to(page, lambda: page.locator("ol.items a"))
        keys.press("Enter")
        expect(page).to_have_url(re.compile(r"/article/\d+"))
        number = int(page.url.rpartition("/")[2])

        for n in (1, 2, 3):  # in the order of the page
            keys.press("j")
            keys.press("e")
            field = page.locator(f"#s{n} textarea")
            expect(field).to_be_focused()
            assert field.input_value()  # the English stands in the field
            keys.press("ControlOrMeta+a")
            keys.insert_text(f"Corrected sentence {n}.")
            keys.press("ControlOrMeta+Enter")
        for n in (1, 2, 3):  # nobody waited for an answer: the focus was never taken back
            expect(page.locator(f"#s{n}")).to_contain_text("edited by Anna Berg")
        expect(page.locator("#s3")).to_be_focused()
        keys.press("t")
        claim = page.locator("#claims li:focus")
        expect(claim).to_have_count(1)
        name = claim.get_attribute("id")
        keys.press("c")
        speaker = page.locator(f'#{name} [name="speaker"]')
        expect(speaker).to_be_focused()
        keys.press("ControlOrMeta+a")
        keys.insert_text("Ruth Corrected")
        keys.press("ControlOrMeta+Enter")
        expect(page.locator(f"#{name}")).to_contain_text("Ruth Corrected")
        late: list[Route] = []
        page.route("**/decide", lambda route: late.append(route))
        with page.expect_request("**/decide"):
            keys.press("u")
        keys.press("c")
        expect(speaker).to_be_focused()
        keys.press("ControlOrMeta+a")
        keys.insert_text("Ruth C")
        late[0].continue_()
        page.unroute("**/decide")
        expect(page.locator(f"#{name}")).not_to_contain_text(
            "Ruth Corrected"
        )  # the answer, which replaces the form ...
        expect(speaker).to_be_focused()
        keys.insert_text("orrected")
        expect(speaker).to_have_value("Ruth Corrected")  # ... takes no word of what is being typed into it
        when = page.locator(f'#{name} [name="when"]')
        stood = when.input_value()
        when.fill("31.12.2025")
        keys.press("ControlOrMeta+Enter")
        expect(when).to_be_focused()  # where the browser says what is wrong
        when.fill(stood)
        keys.press("ControlOrMeta+Enter")
        expect(page.locator(f"#{name}")).to_contain_text("Ruth Corrected")
        decided(desk, number)

        search(page, desk, "Corrected", 1)
        search(page, desk, "Großbrand", 2)
        note = brief(page, desk)
        saved(page, desk, note)


def test_the_same_without_javascript(chromium: Browser, desk: Served, model: Model) -> None:
    with visit(chromium, desk, scripted=False) as page:
        page.goto(f"{desk.origin}/inbox")
        text = PASTED.with_name("d2-tagblatt.txt").read_text("utf-8")
        page.get_by_label("Paste a text").fill(text)
        page.get_by_role("button", name="Read it, and say what it costs").click()
        again(page, lambda: page.get_by_role("button", name="Start").count() > 0)
        model.gate.clear()
        page.get_by_role("button", name="Start").click()
        again(page, lambda: page.get_by_text("translating, 0 of").count() > 0)
        model.gate.set()
        again(page, lambda: page.get_by_text("Done. It cost").count() > 0)
        page.locator("ol.items a").click()
        number = int(page.url.rpartition("/")[2])
        for n in (1, 2, 3):
            row = page.locator(f"#s{n}")
            row.locator("summary").click()
            row.locator("textarea").fill(f"Corrected sentence {n}.")
            row.get_by_role("button", name="Save").click()
            expect(page).to_have_url(re.compile(f"/article/{number}#s{n}$"))
            expect(page.locator(f"#s{n}")).to_contain_text("edited by Anna Berg")
        claim = page.locator("#claims li").first
        claim.locator("summary").click()
        claim.locator('[name="speaker"]').fill("Ruth Corrected")
        claim.get_by_role("button", name="Save").click()
        expect(page.locator("#claims li").first).to_contain_text("Ruth Corrected")
        decided(desk, number)
        search(page, desk, "Corrected", 1)
        search(page, desk, "Großbrand", 2)
        note = brief(page, desk)
        saved(page, desk, note)


def tab_to(page: Page, wanted: Callable[[], Any]) -> None:
    """By Tab alone to the first of what is wanted."""
    expect(wanted().first).to_be_visible()
    target = wanted().first
    for _ in range(80):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError("no way there by Tab")


def again(page: Page, there: Callable[[], bool]) -> None:
    """Loads the page until something is there, as somebody does who has no JavaScript."""
    for _ in range(200):
        if there():
            return
        page.reload()
    raise AssertionError(page.inner_text("main"))


def decided(desk: Served, number: int) -> None:
    """What was decided in the browser is what every other reader of the archive gets."""
    archive = desk.connected.parent / "archive.db"
    every = list(results.read_results(archive, reviewed=True))
    (made,) = [one for one in every if any(row.en == "Corrected sentence 2." for row in one.translation or ())][-1:]
    assert [row.en for row in made.translation or ()][:3] == [f"Corrected sentence {n}." for n in (1, 2, 3)]
    (claim,) = [one for one in made.claims or () if one.speaker == "Ruth Corrected"]
    assert claim.corrected == ("speaker",)
    assert claim.decided_by == "Anna Berg"


def search(page: Page, desk: Served, word: str, least: int) -> None:
    page.goto(f"{desk.origin}/archive")
    box = page.get_by_label("Words, German or English")
    box.fill(word)
    box.press("Enter")
    expect(page.locator("mark", has_text=word).first).to_be_visible()
    assert page.locator("mark").count() >= least


def brief(page: Page, desk: Served) -> str:
    """A note from six articles, one of its citations opened; its address."""
    page.goto(f"{desk.origin}/notes")
    page.get_by_role("link", name="Make a note").click()
    page.get_by_label("Words, in German or English").first.fill("Brunsbek")
    page.get_by_role("button", name="Show these").click()
    boxes = page.locator('input[name="article"]')
    count = boxes.count()
    assert count >= 6
    for at in range(count):
        boxes.nth(at).set_checked(at < 6)
    page.get_by_label("Title", exact=True).fill("The fire")
    page.get_by_role("button", name="Say what it costs").click()
    again(page, lambda: page.get_by_role("button", name="Start").count() > 0)
    page.get_by_role("button", name="Start").click()
    again(page, lambda: page.get_by_role("link", name="read the note").count() > 0)
    page.get_by_role("link", name="read the note").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The fire")
    note = page.url
    reference = page.locator('.note-text a[href^="#"]').first
    target = reference.get_attribute("href") or ""
    reference.click()
    assert page.url.endswith(target)
    german = page.locator(f'[id="{target[1:]}"]')
    expect(german).to_be_in_viewport()
    expect(german.locator('[lang="de"]').first).to_be_visible()
    page.locator('.note-text a[href^="/article/"]').first.click()
    expect(page.locator("#text [lang=de]").first).to_be_visible()
    return note


def saved(page: Page, desk: Served, note: str) -> None:
    """The note as Word holds its lines."""
    docx = pytest.importorskip("docx")
    page.goto(note)
    line = page.locator(".note-text li, .note-text p").filter(has=page.locator("a")).first.inner_text()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Word").click()
    download: Download = waiting.value
    assert download.suggested_filename.endswith(".docx")
    written = docx.Document(BytesIO(Path(download.path()).read_bytes()))
    text = "\n".join(paragraph.text for paragraph in written.paragraphs)
    assert "The fire" in text
    assert re.sub(r"\W*\d*\W*$", "", line.split(".")[0])[:40] in text


PARTED = """[...document.querySelectorAll('.many')].filter(one => {
    const text = document.createRange();
    text.selectNodeContents(one);
    return new Set([...text.getClientRects()].map(line => line.top)).size > 1;
}).map(one => one.textContent)"""
"""Counts whose digits stand one below another."""


def looked_at(page: Page, state: str, looks: Sequence[tuple[int, str]] = LOOKS) -> None:
    """No fault of accessibility, in light and dark, on a phone and a screen; nothing is cut off at the side."""
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)
    for width, scheme in looks:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE.axe_script)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        faults = [(one["id"], node["target"], node["failureSummary"]) for one in found for node in one["nodes"]]
        assert faults == [], f"{state}, {width} px, {scheme}"
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{state}: {wide} px wide at {width}"
        assert page.evaluate(PARTED) == [], f"{state}: a number in two lines at {width}"
    page.set_viewport_size({"width": 1280, "height": 900})


def test_every_page_is_for_everybody(chromium: Browser, desk: Served, model: Model) -> None:
    with visit(chromium, desk) as page:
        for path in ("/inbox", "/archive", "/archive?q=Feuer", "/archive?q=xyzzy", "/archive?q=-",
                     "/notes/new?q=Brunsbek", "/notes", "/settings", "/article/1", "/article/19",
                     "/nowhere"):  # fmt: skip
            page.goto(desk.origin + path)
            looked_at(page, path, LOOKS if path in ("/archive?q=Feuer", "/article/19") else APART)
        for path in ("/notes", "/notes/new", f"/notes/{told(desk)}"):  # now that there is one
            page.goto(desk.origin + path)
            looked_at(page, path, APART)
        page.goto(f"{desk.origin}/article/20")
        file = page.request.get(f"{desk.origin}/article/20/save/json").body()
        page.get_by_text("Compare …").click()
        page.locator('input[type="file"]').set_input_files({"name": "b.json", "mimeType": "text/plain", "buffer": file})
        page.locator("form", has=page.locator('input[type="file"]')).get_by_role("button", name="Compare").click()
        expect(page.get_by_text("Comparing changes nothing")).to_be_visible()
        looked_at(page, "two results", APART)
        page.goto(f"{desk.origin}/article/20")
        for menu in page.locator("details").all():
            menu.evaluate("element => element.open = true")
        looked_at(page, "an article, all opened")
        page.keyboard.press("j")
        looked_at(page, "an article, one sentence chosen", APART)
        page.keyboard.press("?")
        expect(page.get_by_role("dialog")).to_be_visible()
        looked_at(page, "the keys", APART)
        page.set_viewport_size({"width": 390, "height": 900})
        for path in ("/archive", "/article/20", "/notes/new", "/settings", f"/notes/{told(desk)}"):
            page.goto(desk.origin + path)
            for menu in page.locator("details").all():
                menu.evaluate("element => element.open = true")
            page.evaluate(LENGTHENED, "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbau" * 2)
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= 390, f"{path} with long words: {wide} px wide"


LENGTHENED = """word => {
    for (const one of document.querySelectorAll("main :is(p, h1, h2, h3, dd, dt, bdi, label, textarea):not(.tag *)"))
        one.append(` ${word}`)
}"""
"""A word that no line takes, at the end of every text of a page."""


def told(desk: Served) -> int:
    """The number of a long note that is put into the archive."""
    with Archive(desk.connected.parent / "archive.db") as archive:
        line = note_sample.sample().model_dump_json().encode()
        return noted.keep(archive, line, made="2026-11-30T12:00:00Z", series="sample", day="2026-11-30")


def test_states_of_work_are_for_everybody(chromium: Browser, desk: Served, model: Model) -> None:
    with visit(chromium, desk) as page:
        page.goto(f"{desk.origin}/inbox")
        page.get_by_role("button", name="Read it, and say what it costs").click()
        expect(page.locator(".wrong").first).to_be_visible()
        looked_at(page, "the inbox, nothing given", APART)
        page.get_by_label("Paste a text").fill(PASTED.with_name("d3-mittelland.txt").read_text("utf-8"))
        page.get_by_role("button", name="Read it, and say what it costs").click()
        expect(page.get_by_role("button", name="Start")).to_be_visible()
        job = page.url
        looked_at(page, "a job, its price", APART)
        model.gate.clear()
        page.get_by_role("button", name="Start").click()
        expect(page.get_by_text("translating, 0 of")).to_be_visible()
        looked_at(page, "a job under way", APART)
        model.away = True
        model.gate.set()
        expect(page.get_by_role("button", name="Try now")).to_be_visible()
        looked_at(page, "a job that is held", APART)
        page.goto(f"{desk.origin}/inbox")
        looked_at(page, "the inbox, held", APART)
        model.away = False
        page.goto(job)
        page.get_by_role("button", name="Try now").click()
        expect(page).to_have_url(re.compile("/inbox$"))
        page.goto(job)
        expect(page.get_by_text("Done. It cost")).to_be_visible()
        looked_at(page, "a job that is done", APART)
        page.goto(f"{desk.origin}/inbox")
        page.get_by_label("Paste a text").fill(
            "This is not a German text, and there is nothing here that could be read."
        )
        page.get_by_role("button", name="Read it, and say what it costs").click()
        expect(page.get_by_text("not read").or_(page.get_by_text("did not work")).first).to_be_visible()
        looked_at(page, "a job that did not work", APART)
        page.goto(f"{desk.origin}/notes/new")
        page.get_by_role("button", name="Say what it costs").click()
        expect(page.locator(".wrong").first).to_be_visible()
        looked_at(page, "a note, no article ticked", APART)
        page.goto(f"{desk.origin}/settings")
        page.get_by_label("Articles at once").fill("900")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("alert").filter(has_text="Nothing was changed")).to_be_visible()
        looked_at(page, "a setting that cannot be used", APART)


def test_an_empty_desk_and_a_stranger(chromium: Browser, tmp_path: Path) -> None:
    with served(tmp_path / "archive.db") as desk:
        let_in(desk)
        with visit(chromium, desk) as page:
            for path in ("/inbox", "/archive", "/notes", "/notes/new", "/settings"):
                page.goto(desk.origin + path)
                looked_at(page, f"empty: {path}", APART)
        with visit(chromium, desk, known=False) as page:
            page.goto(f"{desk.origin}/archive")
            expect(page.get_by_text("Open the last address that the desk printed")).to_be_visible()
            looked_at(page, "a stranger", APART)
    (tmp_path / "password").write_text("Feldlerche")
    shared = ("--listen", "0.0.0.0", "--password-file", str(tmp_path / "password"))
    with served(tmp_path / "archive.db", *shared) as desk, visit(chromium, desk, known=False) as page:
        page.goto(f"{desk.origin}/archive")
        looked_at(page, "the door", APART)
        page.get_by_label("Password of this desk").fill("guess")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert").filter(has_text="not the password")).to_be_visible()
        looked_at(page, "the door, a wrong password", APART)
        page.get_by_label("Password of this desk").fill("Feldlerche")
        page.get_by_label("Your name").fill("Ben")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_text("Ben")).to_be_visible()


def test_what_a_small_model_made_warns_and_is_printed(chromium: Browser, desk: Served) -> None:
    """The recorded result of the demonstration model, read by a person and on paper."""
    pypdf = pytest.importorskip("pypdf")
    with visit(chromium, desk) as page:
        page.goto(f"{desk.origin}/archive?q=Radfahrerin")
        page.locator("main a[href^='/article/']").first.click()
        expect(page.get_by_role("heading", name="Read these first")).to_be_visible()
        expect(page.get_by_text("Not usable for facts")).to_be_visible()
        row = page.locator(".row:has(.error)").first
        row.click()
        expect(row).to_have_class(re.compile("chosen"))
        claim = page.locator("#claims li").first
        claim.locator(".claim-text").click()
        for n in (claim.get_attribute("data-evidence") or "").split():
            expect(page.locator(f"#s{n}")).to_have_class(re.compile("lit"))
        page.emulate_media(media="print")
        for control in ("button", "summary", "nav", "textarea"):
            assert not any(one.is_visible() for one in page.locator(control).all()), control
        paper = "".join(sheet.extract_text() for sheet in pypdf.PdfReader(BytesIO(page.pdf())).pages)
        said = " ".join(paper.split())
        assert "Machine translation, not reviewed by a person" in said
        assert "Radfahrerin angefahren" in said
        assert "error" in said
