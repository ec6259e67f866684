"""Text for every script of the market: direction, shaping, lines, embedded fonts, tags."""
