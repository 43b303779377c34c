"""Many analyses to one note whose every line cites claims, and every claim its German."""
