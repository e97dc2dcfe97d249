"""Registering: form, seats, waiting list, the attendee's own door, calendar invitations."""
