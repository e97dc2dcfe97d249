"""The replay: its page, its recording, the search and the log, measured."""
