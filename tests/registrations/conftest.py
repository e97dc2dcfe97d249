from __future__ import annotations

import pytest

from eventapp.core import limits


@pytest.fixture
def limited(app):
    """The same application with its limits on, nothing of them used up."""
    limits.limiter.enabled = True
    limits.limiter.reset()
    yield
    limits.limiter.reset()
    limits.limiter.enabled = False
