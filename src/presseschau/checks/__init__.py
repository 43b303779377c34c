"""Findings about an article's English, made without a model."""

from presseschau.checks.claim import check_claim, check_point
from presseschau.checks.echo import echoed
from presseschau.checks.glossary import Glossary, GlossaryEntry, check_glossary
from presseschau.checks.glossary_file import house_glossary, load_glossary
from presseschau.checks.grounding import grounded, speakers
from presseschau.checks.meta import ECHO
from presseschau.checks.not_known import not_known
from presseschau.checks.order import badness, better
from presseschau.checks.pair import check_pair
from presseschau.checks.pairs import BadRow, Pair, read_pairs, verify_pairs
from presseschau.checks.reach import lead_only, reach
from presseschau.checks.renderings import renderings
from presseschau.checks.same_claim import without_repeats
from presseschau.checks.spelling import respelled
from presseschau.checks.telling import must_cite, telling
from presseschau.checks.translation import check_translation
from presseschau.checks.unreadable import UnreadableError

__all__ = [
    "ECHO",
    "BadRow",
    "Glossary",
    "GlossaryEntry",
    "Pair",
    "UnreadableError",
    "badness",
    "better",
    "check_claim",
    "check_glossary",
    "check_pair",
    "check_point",
    "check_translation",
    "echoed",
    "grounded",
    "house_glossary",
    "lead_only",
    "load_glossary",
    "must_cite",
    "not_known",
    "reach",
    "read_pairs",
    "renderings",
    "respelled",
    "speakers",
    "telling",
    "verify_pairs",
    "without_repeats",
]
