"""The glossary in claims: a term may be left out, but what stands for it is the glossary's word."""

from __future__ import annotations

import pytest

from presseschau.checks import Glossary, GlossaryEntry, check_terms
from presseschau.ingest import read_article

TERMS = Glossary((GlossaryEntry(source="Landrat", targets=("district administrator",), forbidden=("county mayor",)),))
ARTICLE = read_article(
    "Streit um das Freibad\n\nDer Landrat lehnt den Bau der Brücke ab. Das Freibad bleibt im Sommer geschlossen.",
    source="a",
)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("The district administrator rejects the construction of the bridge.", []),
        ("The county mayor rejects the construction of the bridge.", ["glossary.forbidden"]),
        ("The prefect rejects the construction of the bridge.", ["glossary.missing"]),
        ("The pool stays closed in summer.", []),
    ],
)
def test_a_claim_says_it_in_the_words_of_the_glossary(text: str, codes: list[str]) -> None:
    body = [s for s in ARTICLE.sentences if s.role != "headline"]
    found = check_terms(text, body, TERMS, part="claims", claim="c1")
    assert [(f.code, f.severity, f.claim) for f in found] == [(code, "warning", "c1") for code in codes]
    assert all(ARTICLE.text[f.de_span.start : f.de_span.end] == "Landrat" for f in found if f.de_span)
