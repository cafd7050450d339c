from django.apps import AppConfig


class RegistryRoom(AppConfig):
    name = "comity.registry"
    label = "registry"
    default_auto_field = "django.db.models.BigAutoField"
