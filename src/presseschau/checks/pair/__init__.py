"""A German sentence and its English."""
