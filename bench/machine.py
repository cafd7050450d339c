"""What a benchmark says of the machine it ran on: the day, the processors, and what else they were doing."""

import os
import platform
from datetime import UTC, datetime


def load() -> float:
    """How many processes wanted a processor in the last minute."""
    return os.getloadavg()[0]


def told(begun: float) -> str:
    """The line that stands above the figures; ``begun`` is the load before the benchmark."""
    return (
        f"{datetime.now(UTC):%-d %B %Y}, {os.cpu_count()} CPUs, {platform.platform(terse=True)}, "
        f"Python {platform.python_version()}; load average {begun:.1f} before, {load():.1f} after."
    )
