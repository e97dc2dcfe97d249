"""The demonstration: three webinars, before, during and after, and the files they come with."""
