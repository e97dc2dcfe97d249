"""The registration form's own fields: what an organiser asks beyond name and address."""
