"""How many A4 pages a briefing note prints before its sources: what `--pages` promises, as HTML and as DOCX.

Over fixtures/briefing (`--corpus second`: fixtures/briefing/second), with a scripted model that answers well and with
the points that code chooses. HTML is printed by chromium, DOCX by LibreOffice, and the pages are read by pdftotext;
a form is left out, with a sentence, where its program is not installed.
Run: python tests/measure/note_pages.py [--corpus first|second|third] [--keep FOLDER]
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))
sys.path.insert(0, str(Path(__file__).parents[1]))

from briefing_world import CORPORA, analyses, engine
from presseschau.briefing.brief import brief
from presseschau.briefing.tables import PAGES
from presseschau.notes import Note
from presseschau.output.note_docx import note_docx
from presseschau.output.note_page import note_page

NEEDED = {"html": ("chromium", "pdftotext"), "docx": ("soffice", "pdftotext")}


def noted(folder: Path, pages: int, small: bool) -> Note:
    model = engine(folder)
    model.info = replace(model.info, translates_only=small)
    return asyncio.run(brief(analyses(folder), model, pages=pages))


def printed(note: Note, form: str, at: Path) -> Path:
    """The PDF of the note, beside its file `at` in that form."""
    file, pdf = at.with_suffix(f".{form}"), at.with_suffix(f".{form}.pdf")
    if form == "html":
        file.write_text(note_page(note), "utf-8")
        told = f"--print-to-pdf={pdf}"
        run("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", told, file.as_uri())
    else:
        file.write_bytes(note_docx(note))
        run("soffice", "--headless", "--convert-to", "pdf", "--outdir", str(at.parent), str(file))
        at.with_suffix(".pdf").rename(pdf)
    return pdf


def run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, timeout=300)


def before_sources(pdf: Path) -> tuple[float, int]:
    """Pages up to the heading Sources, its page counted as far as that is down; and all pages."""
    made = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, text=True)
    sheets = made.stdout.split("\f")[:-1]
    for i, sheet in enumerate(sheets):
        lines = [line.strip() for line in sheet.splitlines()]
        if "Sources" in lines:
            return i + lines.index("Sources") / len(lines), len(sheets)
    return float(len(sheets)), len(sheets)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", choices=CORPORA, default="first")
    parser.add_argument("--keep", type=Path, help="where the files are put")
    options = parser.parse_args()
    forms = [form for form, programs in NEEDED.items() if all(map(shutil.which, programs))]
    for form in NEEDED.keys() - set(forms):
        print(f"{form} is left out: {' or '.join(NEEDED[form])} is not installed.")
    with tempfile.TemporaryDirectory() as passing:
        folder = options.keep or Path(passing)
        folder.mkdir(parents=True, exist_ok=True)
        for small in (False, True):
            print("points chosen by code" if small else "points of a model that answers well")
            for pages in PAGES:
                note = noted(CORPORA[options.corpus], pages, small)
                at = folder / f"note-{pages}{'-code' * small}"
                for form in forms:
                    told, whole = before_sources(printed(note, form, at))
                    verdict = "fits" if told <= pages else "TOO LONG"
                    print(f"  --pages {pages} as {form}: {told:.1f} pages before Sources, {whole} in all: {verdict}")


if __name__ == "__main__":
    main()
