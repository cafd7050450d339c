"""Addresses that exist in a demonstration and nowhere else."""

from django.urls import path

from comity.people import views

urlpatterns = [path("cast", views.cast, name="cast")]
