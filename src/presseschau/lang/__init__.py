"""What the program knows of German and English, as data: words in CSV, patterns in TOML. The lowest floor.

A word that code looks up: a line of `de/<table>.csv` (columns word and, as needed, value, use, region); then
`lower in vocabulary(SOURCE, "negation", "strong")`, `vocabulary(SOURCE, "months")["Jänner"]`. Forms may be written
sag(t|te|en|ten); what is said in Austria or Switzerland only has the region AT or CH.
A pattern: a table of `de/<concept>.toml` with `pattern`, `yes` and `no` examples (a text; or a pair, with the other
language second), perhaps `kind`, `ignore_case`, `why`, and `witness`, the public function in which it shows
(tests/lang/witness.py; once at the top for a whole file), and `needs`, pieces without which it fits nowhere
(tests/lang/required.py writes them), so that most texts need not be held against it (`also`: more of them; `sign`: a
small pattern without which a long one fits nowhere, so that it is compiled for few). Then
`regex(SOURCE, "moments", "day_word")` or, for all of a kind, `any_of(SOURCE, "negation", "neutral")`: inside functions,
nothing is read or compiled at import. In a pattern `{months}` and `{months.full}` stand for words of a table, `{turn}`
for a piece from the file's own `[parts]`.
A table with more columns: a NamedTuple and `table(PAIR, "units", UnitRow)`. A mere list: `listed(SOURCE, "nouns")`,
`nouns.txt`. A folder is a language, or two.
`pytest tests/lang` shows that a rule finds its `yes`, not its `no`, and that its witness misses it when it is gone.
"""

from typing import Final

from presseschau.lang.rules import Example, Pattern, Rule, any_of, regex, rules
from presseschau.lang.tables import lines, listed, renderings, table, weights
from presseschau.lang.words import alternation, cuts, vocabulary

SOURCE: Final = "de"
"""The language that is read; the program is written for one, and names it here. Its folder holds its words."""
PAIR: Final = "de_en"
"""The folder that says how it is put in English."""

__all__ = [
    "PAIR",
    "SOURCE",
    "Example",
    "Pattern",
    "Rule",
    "alternation",
    "any_of",
    "cuts",
    "lines",
    "listed",
    "regex",
    "renderings",
    "rules",
    "table",
    "vocabulary",
    "weights",
]
