from django.apps import AppConfig


class EngagementsRoom(AppConfig):
    name = "comity.engagements"
    label = "engagements"
    default_auto_field = "django.db.models.BigAutoField"
