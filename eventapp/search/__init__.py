"""Search through what was said, asked and written in public replays."""
