"""Speakers and their profiles."""
