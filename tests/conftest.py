from __future__ import annotations

from hypothesis import settings

# How long an example takes says more of who else uses the machine than of the code.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

pytest_plugins = [
    "tests.plugins.loopback",
    "tests.plugins.servers",
    "tests.plugins.browser",
    "tests.plugins.app",
    "tests.plugins.mail",
]
