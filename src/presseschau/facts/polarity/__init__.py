"""What is denied, guarded or turned round: negation, hedges, directions, who does it to whom."""
