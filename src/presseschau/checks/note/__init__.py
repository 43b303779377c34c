"""Sentences of a briefing note, which must rest on the claims they cite."""
