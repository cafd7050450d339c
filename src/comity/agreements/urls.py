"""The addresses of agreements and coalitions."""

from django.urls import path

from comity.agreements import acts, views

urlpatterns = [
    path("agreement/", views.agreement_list, name="agreement-list"),
    path("agreement/table.csv", views.agreement_table, name="agreement-table"),
    path("agreement/new", acts.propose, name="agreement-new"),
    path("agreement/<str:public_id>/do/<str:act>", acts.on_agreement, name="agreement-act"),
    path("agreement/<str:public_id>", views.agreement_page, name="agreement-short"),
    path("agreement/<str:public_id>/<str:slug>", views.agreement_page, name="agreement"),
    path("coalition/", views.coalition_list, name="coalition-list"),
    path("coalition/table.csv", views.coalition_table, name="coalition-table"),
    path("coalition/new", acts.found, name="coalition-new"),
    path("coalition/<str:public_id>/do/<str:act>", acts.on_coalition, name="coalition-act"),
    path("coalition/<str:public_id>", views.coalition_page, name="coalition-short"),
    path("coalition/<str:public_id>/<str:slug>", views.coalition_page, name="coalition"),
]
