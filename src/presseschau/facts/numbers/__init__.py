"""Figures and quantities: read from a text, and matched with those of another."""
