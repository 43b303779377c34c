"""German is called German, whatever names and quotations stand in it; its neighbours are not."""

from __future__ import annotations

import subprocess
import sys

import pytest
from case_files import rows

from presseschau.errors import NotGermanError
from presseschau.ingest import read_article
from presseschau.ingest.language import is_german

ENGLISH = "The chancellor travelled to Paris on Monday. He wants to meet the president there, aides said."


@pytest.mark.parametrize(("german", "text"), rows("lines/languages.tsv"))
def test_is_german(german: str, text: str) -> None:
    assert is_german(text) == (german == "yes")


@pytest.mark.parametrize("text", ["", "12:31", "2:1 (1:0)", "…"])
def test_text_without_words_counts_as_german(text: str) -> None:
    assert is_german(text)


def test_other_languages_are_refused_with_the_language_and_the_way_out() -> None:
    with pytest.raises(NotGermanError, match=r"not German .*'en'.*--lang-check off"):
        read_article(ENGLISH, source="page.txt")


def test_lang_check_off_reads_any_language() -> None:
    assert len(read_article(ENGLISH, source="page.txt", lang_check=False).sentences) == 2


def test_plain_german_never_loads_the_identifier() -> None:
    code = (
        "import sys; from presseschau.ingest import read_article\n"
        "read_article('Der Rat hat am Montag über den Haushalt beraten. Er will nun sparen.', source='x')\n"
        "sys.exit('py3langid' in sys.modules or 'numpy' in sys.modules or 'ftfy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
