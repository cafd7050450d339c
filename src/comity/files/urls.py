"""Addresses of a party's own room and of files; ids are sixteen characters, so no id is ever ``new``.

No address of a paper says its title.
"""

from django.urls import path

from comity.files import acts, views

urlpatterns = [
    path("desk/room", views.room, name="own-room"),
    path("paper/new", acts.write, name="paper-new"),
    path("paper/<str:public_id>/do/write", acts.write_version, name="paper-write"),
    path("paper/<str:public_id>/do/put-away", acts.put_away, name="paper-put-away"),
    path("paper/<str:public_id>", views.paper_page, name="paper"),
    path("file/new", acts.upload_new, name="file-new"),
    path("file/<str:public_id>/do/take-back", acts.take_back, name="file-take-back"),
    path("file/<str:public_id>/download", views.download, name="file-download"),
    path("file/<str:public_id>", views.file_page, name="file-short"),
    path("file/<str:public_id>/<str:slug>", views.file_page, name="file"),
]
