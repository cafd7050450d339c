"""Addresses of promises and their evidence; ids are sixteen characters, so no id is ever ``act``."""

from django.urls import path

from comity.commitments import acts, views

urlpatterns = [
    path("commitment/", views.commitment_list, name="commitment-list"),
    path("commitment/promises.csv", views.commitments_csv, name="commitment-csv"),
    path("commitment/open/<str:text_id>", acts.open_promises, name="commitment-open"),
    path("commitment/act/<str:public_id>/<str:act>", acts.on_commitment, name="commitment-act"),
    path("commitment/<str:public_id>", views.commitment_page),
    path("commitment/<str:public_id>/<str:slug>", views.commitment_page, name="commitment"),
    path("evidence/<str:public_id>", views.evidence_page, name="evidence"),
    path("evidence/<str:public_id>/<str:slug>", views.evidence_page),
]
