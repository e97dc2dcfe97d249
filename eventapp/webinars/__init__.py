"""The webinar, its schedule, its agenda, its life cycle."""
