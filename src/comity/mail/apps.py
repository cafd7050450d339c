from django.apps import AppConfig


class MailRoom(AppConfig):
    name = "comity.mail"
    label = "mail"
    default_auto_field = "django.db.models.BigAutoField"
