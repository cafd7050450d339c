"""Addresses of a party's own room; ids are sixteen characters, so no id is ever ``new``. None of them says a title."""

from django.urls import path

from comity.files import views

urlpatterns = [
    path("desk/room", views.room, name="own-room"),
    path("paper/new", views.write, name="paper-new"),
    path("paper/<str:public_id>/do/write", views.write_version, name="paper-write"),
    path("paper/<str:public_id>/do/put-away", views.put_away, name="paper-put-away"),
    path("paper/<str:public_id>", views.paper_page, name="paper"),
]
