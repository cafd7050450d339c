from django.apps import AppConfig


class PeopleRoom(AppConfig):
    name = "comity.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
