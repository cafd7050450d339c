from django.apps import AppConfig


class TextsRoom(AppConfig):
    name = "comity.texts"
    label = "texts"
    default_auto_field = "django.db.models.BigAutoField"
