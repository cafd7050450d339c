"""The addresses of organisations, networks and corrections."""

from django.urls import path

from comity.registry import views
from comity.registry.topics import views as topics

urlpatterns = [
    path("organisation/", views.organisation_list, name="organisation-list"),
    path("organisation/<str:public_id>.csv", views.organisation_csv, name="organisation-csv"),
    path("organisation/<str:public_id>/record.csv", views.acts_csv_of, name="organisation-record"),
    path("organisation/<str:public_id>/all/names", views.names_page, name="organisation-names"),
    path("organisation/<str:public_id>/changes", views.changes_page, name="organisation-changes"),
    path("organisation/<str:public_id>/changes.atom", views.changes_feed, name="organisation-feed"),
    path("correct/<str:public_id>", views.correction, name="correction"),
    path("organisation/<str:public_id>", views.organisation_page, name="organisation"),
    path("organisation/<str:public_id>/<str:slug>", views.organisation_page, name="organisation"),
    path("topics", topics.topics_page, name="topics"),
    path("topics.csv", topics.topics_csv, name="topics-csv"),
    path("topic/<str:code>.csv", topics.topic_csv, name="topic-csv"),
    path("topic/<str:code>.atom", topics.topic_feed, name="topic-feed"),
    path("topic/<str:code>", topics.topic_page, name="topic"),
    path("topic/<str:code>/<str:slug>", topics.topic_page, name="topic"),
    path("filed/<str:kind>/<str:public_id>", topics.filing_page, name="filing"),
    path("network/", views.network_list, name="network-list"),
    path("network/<str:public_id>.csv", views.network_csv, name="network-csv"),
    path("network/<str:public_id>", views.network_page, name="network"),
    path("network/<str:public_id>/<str:slug>", views.network_page, name="network"),
]
