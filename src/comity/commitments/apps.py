from django.apps import AppConfig


class CommitmentsRoom(AppConfig):
    name = "comity.commitments"
    label = "commitments"
    default_auto_field = "django.db.models.BigAutoField"
