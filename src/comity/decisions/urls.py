"""Addresses of decisions; ids are sixteen characters, so no id is ever ``open``, ``cast`` or ``close``."""

from django.urls import path

from comity.decisions import acts, views

urlpatterns = [
    path("decision/", views.decision_list, name="decision-list"),
    path("decision/comity_recount.py", views.verifier, name="decision-verifier"),
    path("decision/open/<str:network_id>", acts.open_vote, name="decision-open"),
    path("decision/cast/<str:public_id>", acts.cast, name="decision-cast"),
    path("decision/close/<str:public_id>", acts.close, name="decision-close"),
    path("decision/<str:public_id>.json", views.decision_file, name="decision-file"),
    path("decision/<str:public_id>", views.decision_page),
    path("decision/<str:public_id>/<str:slug>", views.decision_page, name="decision"),
]
