"""Pronouns stand for someone who is named elsewhere, or for nobody in particular: none of them is a speaker."""

from __future__ import annotations

from presseschau.lang import SOURCE, vocabulary


def is_pronoun(mention: str) -> bool:
    """Are all the words of the mention, German or English, pronouns: Ihm, er selbst, one of them?"""
    words = mention.lower().split()
    return bool(words) and any(all(word in vocabulary(lang, "pronouns") for word in words) for lang in (SOURCE, "en"))


def is_indefinite(pronoun: str) -> bool:
    """Does it mean nobody in particular: man, jemand, viele?"""
    return pronoun.lower() in vocabulary(SOURCE, "pronouns", "indefinite")


def nominative(pronoun: str) -> str:
    """er or sie for a form of them or of what points to one man or woman (ihm, dessen, jene); "" for all others."""
    return vocabulary(SOURCE, "pronouns").get(pronoun.lower(), "")
