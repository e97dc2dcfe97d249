"""The words that tell a name from a phrase and a heading from an announcement.

English first, with the French, German and other words that stand in European programmes.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PRESENTING_PARTICIPLES = _words(
    """
    presented moderated delivered hosted chaired led facilitated introduced given held written
    animated présenté présentée animé animée
    """
)
OTHER_PARTICIPLES = _words(
    """
    driven taken chosen seen run made done built brought sent won bought set shown paid put known
    drawn run financé financée soutenu
    """
)
ROLES = _words(
    """
    expert moderator director professor speaker host chair chairman chairwoman chairperson mayor
    minister commissioner founder co-founder coordinator manager officer head president secretary
    researcher architect artist designer author journalist consultant facilitator curator
    ambassador deputy adviser advisor ceo experte expertin experts moderators
    """
)
PREPOSITIONS = _words(
    """
    of in for to with from at on and or
    """
)
PARTICLES = _words(
    """
    de da do di du del della dello des den der dos das la le las los van von ten ter te zu zum al
    el bin ibn af av of't y e i d' 't
    """
)
PERSONAL_TITLES = _words(
    """
    dr prof mr mrs ms mx mme mlle ir ing sir dame dr.-ing
    """
)
AFTER_NAME = _words(
    """
    from of at on about for in with – — - | / : → · @ de
    """
)
ORGANISATIONS = _words(
    """
    university universität université college school institute institut ministry ministère
    commission agency region région city ville centre center council group company ltd gmbh inc
    foundation fondation association network hub park enterprise department government authority
    programme program project bank union office committee federation europe european national
    international chamber museum theatre platform academy society partners parliament team board
    staff authorities
    """
)
NOT_A_PERSON = _words(
    """
    zoom teams youtube monday tuesday wednesday thursday friday saturday sunday january february
    march april may june july august september october november december christmas design default
    law email e-mail train bike bus car plane day step side night the a an our your
    """
)
OPEN_ENDS = _words(
    """
    and or of the a an in on for by with to from at into through & de du des la le les et par und
    der die das von für
    """
)
ANNOUNCEMENTS = _words(
    """
    agenda program programme chapters timestamps timecodes contents timeline schedule replay
    recording kapitel chapitres
    """
) | {"time stamps", "time codes", "table of contents", "webinar replay", "video chapters"}
