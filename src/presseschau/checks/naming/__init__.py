"""What people, bodies and terms are called in English."""
