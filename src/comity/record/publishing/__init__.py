"""Publishing a log: its tiles are written, read back, signed, shown to the witnesses, and then put in their place."""

from comity.record.publishing.refusals import NotPublished
from comity.record.publishing.rounds import publish

__all__ = ["NotPublished", "publish"]
