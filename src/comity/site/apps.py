from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig, apps


class SiteRoom(AppConfig):
    name = "comity.site"
    label = "site"

    def ready(self) -> None:
        """Load each room's kinds, so that every list of public things is complete before the first request."""
        for room in apps.get_app_configs():
            if room.name.startswith("comity.") and find_spec(f"{room.name}.kinds") is not None:
                import_module(f"{room.name}.kinds")
