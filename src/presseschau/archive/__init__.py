"""Whole archives: stream in, journal, budget, stream out; however it is stopped, the same call continues it."""
