"""Whole archives: stream in, journal, budget, stream out; stopped in any way, the same call continues."""
