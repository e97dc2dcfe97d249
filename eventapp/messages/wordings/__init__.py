"""An organiser's own words for the messages of a webinar.

`placeholders` says what may stand in braces, `standard` what a message says without them,
`filling` turns what was typed into what one person reads.
"""
