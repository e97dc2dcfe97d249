"""Messages that go out by themselves, some time before the start, at it, or after the end."""
