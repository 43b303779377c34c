"""Pronouns stand for someone who is named elsewhere, or for nobody in particular: none of them is a speaker."""

from __future__ import annotations

import re

PRONOUN = (
    r"(?i:ich|unser|euer|mich|mir|du|dich|dir|er|ihn|ihm|sie|ihr|ihnen|es|wir|uns|euch|sich|einander|selbst|selber|man|was|wessen|jedermann"
    r"|(?:irgend)?we[rmn]|(?:(?:irgend)?jemand|niemand)(?:e[mns]|s)?|(?:irgend)?etwas|nichts"
    r"|d(?:er|ie|as|em|en|es|essen|eren|erer|enen)|d(?:er|ie|as|e[mns])(?:selbe|jenige)n?"
    r"|(?:mein|dein|sein|ihr|unser|unsr|euer|eur|(?:eben)?dies|(?:eben)?jen|kein|(?:irgend)?ein|jed|manch|all|beid|viel"
    r"|einig|ander|mehrer|wenig|etlich|sämtlich|solch|welch|selbig|letzter|erster)e[rsmn]?)"
)
"""Any German pronoun in any case; a pattern. Many are articles where a noun follows."""
FRONTED = r"(?:Ihm|Ihn|Ihnen|Mir|Mich|Dir|Dich|Uns|Euch|Sich|Einander|Denen|[JN]iemande[mn])"
"""Those that are neither subject nor article: the subject of a clause that one opens stands behind the verb."""
_INDEFINITE = (
    r"(?i:man|jedermann|(?:irgend)?(?:jemand|wer)|niemand|(?:(?:irgend)?ein|kein|jed|manch)e[rs]?"
    r"|(?:all|viel|einig|ander|mehrer|wenig|etlich|solch|welch)e)"
)
SUBJECT_PRONOUN = (
    r"(?:(?i:er|sie|es|(?:eben)?(?:dies|jen)er?|(?:letzt|erst)erer?|d(?:er|ie)(?:selbe|jenige)n?|selbiger?|beide)"
    rf"|{_INDEFINITE})"
)
"""A pronoun that may be the subject of a verb of saying, where no noun follows; a pattern."""
_HE = re.compile(r"er|ih[mn]|seine[rmn]?|dessen|(?:eben)?(?:dies|jen)e[rmn]|(?:letzt|erst)ere[rmn]|derselbe|selbiger")
_SHE = re.compile(r"sie|ihr(?:e[rmn]?)?|deren|(?:eben)?(?:dies|jen)e|(?:letzt|erst)ere|dieselbe|selbige")
_ENGLISH = re.compile(
    r"(?:i|me|my|mine|we|us|ours?|you|yours?|he|him|his|she|hers?|it|its|they|them|theirs?|one|ones|none|both|all|each|either"
    r"|neither|others?|another|some|any|many|most|several|few|this|that|these|those|who|whom|what|there|somebody|everybody"
    r"|(?:my|your|her|him|it|our|them)sel(?:f|ves)|(?:some|any|every|no)(?:body|one|thing)|no one|of)"
)


def is_pronoun(mention: str) -> bool:
    """Are all the words of the mention, German or English, pronouns: Ihm, er selbst, one of them?"""
    german = re.fullmatch(rf"{PRONOUN}(?:\s+{PRONOUN})*", mention.strip())
    return bool(german or re.fullmatch(rf"{_ENGLISH.pattern}(?:\s+{_ENGLISH.pattern})*", mention.strip().lower()))


def is_indefinite(pronoun: str) -> bool:
    """Does it mean nobody in particular: man, jemand, viele?"""
    return bool(re.fullmatch(_INDEFINITE, pronoun))


def nominative(pronoun: str) -> str:
    """er or sie for a form of them or of what points to one man or woman (ihm, dessen, jene); "" for all others."""
    lower = pronoun.lower()
    return "er" if _HE.fullmatch(lower) else "sie" if _SHE.fullmatch(lower) else ""
