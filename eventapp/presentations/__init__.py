"""Presentations: uploads, and who may see them when."""
