"""Reading a table of people: the bytes, its columns, and each row with what is wrong with it."""
