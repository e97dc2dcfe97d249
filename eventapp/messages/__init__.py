"""Messages: the ledger, organisers' own words, reminders, messages to many, what comes back."""
