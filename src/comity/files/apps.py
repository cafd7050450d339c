from django.apps import AppConfig


class FilesRoom(AppConfig):
    name = "comity.files"
    label = "files"
    default_auto_field = "django.db.models.BigAutoField"
