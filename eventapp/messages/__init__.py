"""Messages to people: the ledger an organiser reads."""
