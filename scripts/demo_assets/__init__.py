"""The parts of `make_demo_assets`, one for each kind of file."""
