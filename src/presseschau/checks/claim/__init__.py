"""English that must rest on evidence: claims, key points, bottom line, headline."""
