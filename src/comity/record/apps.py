from django.apps import AppConfig


class RecordRoom(AppConfig):
    name = "comity.record"
    label = "record"
    default_auto_field = "django.db.models.BigAutoField"
