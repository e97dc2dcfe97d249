"""The live webinar: the log (run of show), hub and streams, room, desk, stage."""
