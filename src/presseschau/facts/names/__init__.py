"""Persons, places, bodies and short forms, and how they are spelt in English."""
