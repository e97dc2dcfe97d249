"""Polls: one choice, several, a rating or a word cloud, asked in the room while it is open."""
