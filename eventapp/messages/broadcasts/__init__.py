"""What organisers write to some of a webinar's people."""
