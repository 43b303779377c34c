"""Days, spans and moments that a text names."""
