"""Sentence pairs from files of other programs."""
