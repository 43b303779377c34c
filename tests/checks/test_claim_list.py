"""Claims say it in the words of the glossary, where they say it, and no two say the same."""

from __future__ import annotations

import pytest

from presseschau.checks import Glossary, GlossaryEntry, check_terms
from presseschau.checks.claim.selection import same
from presseschau.ingest import read_article
from presseschau.models import Claim

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


@pytest.mark.parametrize(
    ("other", "sentences", "double"),
    [
        ("The town of Wiesau will close its indoor swimming pool on 1 May, the mayor said", (7,), True),
        ("The town of Wiesau will close its indoor swimming pool on 2 May, the mayor said.", (7,), False),
        ("The town of Altlay will close its indoor swimming pool on 1 May, the mayor said.", (7,), False),
        ("The mayor said the pool in Wiesau would close on 1 May.", (7,), False),
        ("The town of Wiesau will close its indoor pool on 1 May, the mayor said.", (2,), True),
    ],
)
def test_a_claim_that_says_the_same_elsewhere_is_a_double(other: str, sentences: tuple[int, ...], double: bool) -> None:
    text = "The town of Wiesau will close its indoor swimming pool on 1 May, the mayor said."
    one, two = (Claim(id="c1", text=t, sentences=n, evidence=()) for t, n in ((text, (2,)), (other, sentences)))
    assert same(one, two) == same(two, one) == double
