"""Where sessions are kept: rows that name their person, so that she can see and end them (``SESSION_ENGINE``)."""

from datetime import datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from comity.people.accounts.models import BrowserSession

DEVICE_KEY = "device"
"""Session: browser and system in two words."""

BEGUN_KEY = "begun"
"""Session: when its person signed in."""


class SessionStore(DatabaseStore):
    """Django's sessions in the database, with their person beside them."""

    @classmethod
    def get_model_class(cls) -> type[BrowserSession]:
        """The rows that are written."""
        return BrowserSession

    def create_model_instance(self, data: dict[str, Any]) -> BrowserSession:
        """The row of a session: whose it is, on which device, since when."""
        row: BrowserSession = super().create_model_instance(data)  # type: ignore[assignment]  # of our model
        row.person_id = int(data[SESSION_KEY]) if data.get(SESSION_KEY) else None
        row.device = str(data.get(DEVICE_KEY, ""))
        row.begun_at = datetime.fromisoformat(data[BEGUN_KEY]) if data.get(BEGUN_KEY) else None
        earlier = BrowserSession.objects.filter(session_key=row.session_key).values_list("public_id", flat=True).first()
        row.public_id = earlier or row.public_id
        return row
