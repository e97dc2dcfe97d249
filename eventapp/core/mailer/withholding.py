"""Addresses that mail came back from for good: what would go there is written down and withheld."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventapp.core.addresses import key_of_address
from eventapp.core.db import Base, db


class BouncedAddress(Base):
    """An address that mail came back from for good: nothing more goes there until it is cleared."""

    __tablename__ = "bounced_addresses"

    address_key: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str]
    bounced_at: Mapped[datetime]


def find_bounces(addresses: Iterable[str]) -> dict[str, str]:
    """Return why mail came back, by key, for those of `addresses` that it came back from."""
    keys = {key_of_address(address) for address in addresses}
    found = sa.select(BouncedAddress.address_key, BouncedAddress.reason).where(
        BouncedAddress.address_key.in_(keys)
    )
    return {row.address_key: row.reason for row in db.session.execute(found)}


def find_bounce(address: str) -> BouncedAddress | None:
    """Return the note that mail came back from an address."""
    return db.session.get(BouncedAddress, key_of_address(address))


def clear_address(address: str) -> None:
    """Let mail go to an address again."""
    db.session.execute(
        sa.delete(BouncedAddress).where(BouncedAddress.address_key == key_of_address(address)),
        execution_options={"synchronize_session": False},
    )
