"""Limit this process, then run a script: `python launch.py SECONDS BYTES SCRIPT [ARGUMENT …]`.

Run by its path, outside the package, so that nothing of the application is loaded.
"""

from __future__ import annotations

import runpy
import sys

try:
    import resource
except ImportError:  # Windows knows no such limits.
    resource = None  # type: ignore[assignment]


def main() -> None:
    seconds, octets, script = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_AS, (octets, octets))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    del sys.argv[:3]
    runpy.run_path(script, run_name="__main__")


if __name__ == "__main__":
    main()
