"""Bytes to clean text: which encoding a file is in, damage undone, one way of writing."""
