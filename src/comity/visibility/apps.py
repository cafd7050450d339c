from django.apps import AppConfig


class VisibilityRoom(AppConfig):
    name = "comity.visibility"
    label = "visibility"
    default_auto_field = "django.db.models.BigAutoField"
