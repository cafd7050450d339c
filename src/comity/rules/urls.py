"""Addresses of rules; ids are sixteen characters, so no id is ever ``network``, ``rights`` or ``adopt``."""

from django.urls import path

from comity.rules import acts, views

urlpatterns = [
    path("rule/", views.rule_list, name="rule-list"),
    path("rule/network/<str:network_id>", views.network_rules, name="network-rules"),
    path("rule/rights/<str:network_id>", views.rights_page, name="network-rights"),
    path("rule/adopt/<str:network_id>", acts.adopt, name="rule-adopt"),
    path("rule/<str:public_id>", views.rule_page),
    path("rule/<str:public_id>/<str:slug>", views.rule_page, name="rule"),
]
