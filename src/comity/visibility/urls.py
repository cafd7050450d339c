"""The addresses of visibility."""

from django.urls import path

from comity.visibility import acts, views

urlpatterns = [
    path("visibility/<str:kind>/<str:public_id>", views.thing, name="visibility"),
    path("visibility/<str:kind>/<str:public_id>/do/change", acts.change, name="visibility-change"),
    path("visibility/<str:kind>/<str:public_id>/do/flag", acts.flag, name="visibility-flag"),
    path("visibility/<str:kind>/<str:public_id>/do/unflag", acts.unflag, name="visibility-unflag"),
    path("visibility/<str:kind>/<str:public_id>/do/protect", acts.protect, name="visibility-protect"),
    path("protections", views.protections, name="protections"),
    path("protections/<str:public_id>/do/decide", acts.decide, name="protection-decide"),
    path("protections/<str:public_id>/do/lift", acts.lift, name="protection-lift"),
    path("visibility-policy/<str:public_id>/do/adopt", acts.adopt, name="visibility-adopt"),
    path("visibility-policy/<str:public_id>", views.network_policy, name="visibility-policy"),
    path("links", views.link_reviews, name="link-reviews"),
    path("links/<str:public_id>/do/hide", acts.hide, name="link-hide"),
    path("links/<str:public_id>/do/review", acts.review, name="link-review"),
    path("links/<str:public_id>/do/show", acts.unhide, name="link-show"),
]
