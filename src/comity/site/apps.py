from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig, apps


class SiteRoom(AppConfig):
    name = "comity.site"
    label = "site"

    def ready(self) -> None:
        """Load what each room declares, so that every list of things and of what is due stands before any request."""
        for said in ("kinds", "due", "belongings"):
            for room in apps.get_app_configs():
                if room.name.startswith("comity.") and find_spec(f"{room.name}.{said}") is not None:
                    import_module(f"{room.name}.{said}")
