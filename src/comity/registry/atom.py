"""Atom feeds (RFC 4287), as Django writes them."""

from datetime import UTC, datetime

from django.utils.feedgenerator import Atom1Feed

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


class Feed(Atom1Feed):
    """An Atom feed whose instant is that of its newest item; without one it tells none by the clock on the wall.

    Django would write the minute of the question, so that an empty feed changed each time it was asked for.
    """

    def latest_post_date(self) -> datetime:
        """When the newest item was changed."""
        return super().latest_post_date() if self.items else BEGINNING
