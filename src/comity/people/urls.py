"""Signing in, seats, and what a seat may write into the registry."""

from django.urls import path

from comity.people import acts, arrangements, desks, views

urlpatterns = [
    path("sign-in", views.sign_in, name="sign-in"),
    path("sign-out", views.sign_out, name="sign-out"),
    path("seats", views.seats, name="seats"),
    path("desk", desks.desk, name="desk"),
    path("desk/choices", arrangements.choices, name="choices"),
    path("desk/calendar", arrangements.calendar_address, name="calendar-address"),
    path("desk/due.csv", desks.due_csv, name="due-csv"),
    path("desk/take", desks.take, name="desk-take"),
    path("desk/draft/<str:public_id>/back", desks.draft_back, name="draft-back"),
    path("welcome/<str:public_id>/<str:token>", views.invitation, name="invitation"),
    path("desk/organisation/<str:public_id>/seats", views.organisation_seats, name="organisation-seats"),
    path("desk/seat/<str:public_id>/revoke", views.seat_revoke, name="seat-revoke"),
    path("desk/networks/found", acts.found, name="network-found"),
    path("desk/organisations/list", acts.list_new, name="organisation-list-new"),
    path("desk/network/<str:public_id>/link", acts.link_new, name="link-new"),
    path("desk/network/<str:public_id>/organ", acts.organ, name="organ-establish"),
    path("desk/network/<str:public_id>/territory", acts.territory, name="territory-name"),
    path("desk/link/<str:public_id>/end", acts.link_end, name="link-end"),
    path("desk/link/<str:public_id>/standing", acts.link_standing, name="link-standing"),
    path("desk/organisation/<str:public_id>/reply", acts.reply, name="organisation-reply"),
    path("desk/correction/<str:public_id>/decide", acts.correction_decide, name="correction-decide"),
    path("desk/corrections", acts.corrections, name="corrections"),
]
