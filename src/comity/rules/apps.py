from django.apps import AppConfig


class RulesRoom(AppConfig):
    name = "comity.rules"
    label = "rules"
    default_auto_field = "django.db.models.BigAutoField"
