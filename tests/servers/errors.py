"""What the real parts say when they can't be had."""


class PartIsMissing(Exception):
    """This machine can't run a real part; the message says which, and what would help."""
