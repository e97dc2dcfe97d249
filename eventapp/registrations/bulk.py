"""Which registrations something that is done to many can be done to."""

from __future__ import annotations

from collections.abc import Mapping

from eventapp.registrations.models import BatchKind, RegistrationStatus
from eventapp.registrations.rules import ACTIVE

AFFECTED: Mapping[BatchKind, tuple[RegistrationStatus, ...]] = {
    BatchKind.APPROVE: (RegistrationStatus.REQUESTED,),
    BatchKind.DECLINE: (RegistrationStatus.REQUESTED,),
    BatchKind.CANCEL: ACTIVE,
}


def list_affected(
    kind: BatchKind, *, shown: RegistrationStatus | None
) -> tuple[RegistrationStatus, ...]:
    """Return whom `kind` is done to.

    Who was declined is let in after all only out of the list of those who were.
    """
    if kind == BatchKind.APPROVE and shown == RegistrationStatus.DECLINED:
        return (RegistrationStatus.DECLINED,)
    return AFFECTED[kind]


def can_still(kind: BatchKind, status: RegistrationStatus) -> bool:
    """Whether it can be done to somebody of whom the organiser has decided already.

    Who cancels meanwhile is kept from coming back all the same.
    """
    if kind == BatchKind.CANCEL and status == RegistrationStatus.CANCELLED:
        return True
    if kind == BatchKind.APPROVE and status == RegistrationStatus.DECLINED:
        return True
    return status in AFFECTED[kind]
