from django.apps import AppConfig


class AgreementsRoom(AppConfig):
    name = "comity.agreements"
    label = "agreements"
    default_auto_field = "django.db.models.BigAutoField"
