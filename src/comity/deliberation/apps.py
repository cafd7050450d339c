from django.apps import AppConfig


class DeliberationRoom(AppConfig):
    name = "comity.deliberation"
    label = "deliberation"
    default_auto_field = "django.db.models.BigAutoField"
