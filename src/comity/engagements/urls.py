"""The addresses of engagements."""

from django.urls import path

from comity.engagements import views

urlpatterns = [
    path("engagement/", views.engagement_list, name="engagement-list"),
    path("engagement/new", views.convene, name="engagement-new"),
    path("engagement/<str:public_id>/do/register", views.register, name="engagement-register"),
    path("engagement/<str:public_id>/do/report", views.report, name="engagement-report"),
    path("engagement/<str:public_id>", views.engagement_page, name="engagement-short"),
    path("engagement/<str:public_id>/<str:slug>", views.engagement_page, name="engagement"),
]
