"""What belongs to HTTP alone, whatever the noun."""
