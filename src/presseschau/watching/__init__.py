"""Feeds, pages and folders that are looked at again and again: what is new there is read once, within a budget."""
