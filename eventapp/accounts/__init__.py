"""Organisers and their sign-in."""
