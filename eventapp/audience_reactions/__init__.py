"""What the audience feels: applause, laughter, hearts and surprise, counted and nobody's."""
