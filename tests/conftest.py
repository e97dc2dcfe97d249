pytest_plugins = [
    "tests.plugins.loopback",
    "tests.plugins.servers",
    "tests.plugins.browser",
    "tests.plugins.app",
    "tests.plugins.mail",
]
