"""The record's pages for people."""

from django.urls import path

from comity.record import views

urlpatterns = [
    path("record/", views.record_page, name="record"),
    path("record/falsify", views.falsify_page, name="record-falsify"),
    path("entry/<int:index>", views.entry_page, name="record-entry"),
]
