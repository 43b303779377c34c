"""How good a model is, measured on own articles with reference translations and labelled claims."""
