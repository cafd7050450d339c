"""Addresses of texts and amendments; ids are sixteen characters, so no id is ever ``new``, ``sign`` or ``act``."""

from django.urls import path

from comity.texts import acts, signing, views

urlpatterns = [
    path("text/", views.text_list, name="text-list"),
    path("text/new", acts.new_text, name="text-new"),
    path("text/compare/<str:public_id>", views.compare, name="text-compare"),
    path("text/languages/<str:public_id>", views.languages, name="text-languages"),
    path("text/act/<str:public_id>/<str:act>", acts.on_text, name="text-act"),
    path("text/sign/<str:public_id>", signing.sign, name="text-sign"),
    path("text/paper/<str:public_id>.txt", signing.paper, name="text-paper"),
    path("text/signature/<str:public_id>.sig", signing.signature, name="text-signature"),
    path("text/signature/<str:public_id>.txt", signing.signed_paper, name="text-signed-paper"),
    path("text/<str:public_id>.pdf", views.text_pdf, name="text-pdf"),
    path("text/<str:public_id>.txt", views.text_plain, name="text-plain"),
    path("text/<str:public_id>", views.text_page),
    path("text/<str:public_id>/<str:slug>", views.text_page, name="text"),
    path("amendment/act/<str:public_id>/<str:act>", acts.on_amendment, name="amendment-act"),
    path("amendment/<str:public_id>", views.amendment_page, name="amendment"),
    path("amendment/<str:public_id>/<str:slug>", views.amendment_page),
]
