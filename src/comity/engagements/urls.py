"""The addresses of engagements."""

from django.urls import path

from comity.engagements import acts, contacts, exports, views

urlpatterns = [
    path("engagement/", views.engagement_list, name="engagement-list"),
    path("withheld", views.withheld_page, name="withheld"),
    path("withheld/openings.jsonl", exports.openings_file, name="withheld-openings"),
    path("withheld/<int:year>.csv", exports.report_file, name="withheld-report"),
    path("engagement/new", acts.convene, name="engagement-new"),
    path("engagement/<str:public_id>/do/register", acts.register, name="engagement-register"),
    path("engagement/<str:public_id>/do/report", acts.report, name="engagement-report"),
    path("engagement/<str:public_id>", views.engagement_page, name="engagement-short"),
    path("engagement/<str:public_id>/<str:slug>", views.engagement_page, name="engagement"),
    path("desk/contacts", contacts.contact_list, name="contact-list"),
    path("contact/new", contacts.note, name="contact-new"),
    path("contact/<str:public_id>/do/reduce", contacts.reduce, name="contact-reduce"),
    path("contact/<str:public_id>", contacts.contact_page, name="contact"),
]
