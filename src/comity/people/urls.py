"""Signing in, seats, and what a seat may write into the registry."""

from django.urls import path

from comity.people import acts, arrangements, desks, views
from comity.people.accounts import organisations, recovering, setting_up, sign_in

urlpatterns = [
    path("sign-in", sign_in.sign_in, name="sign-in"),
    path("sign-in/code", sign_in.code, name="sign-in-code"),
    path("sign-in/passkey", sign_in.passkey, name="sign-in-passkey"),
    path("sign-in/organisation/<str:provider_id>", organisations.there, name="provider-there"),
    path("sign-in/organisation/<str:provider_id>/back", organisations.back, name="provider-back"),
    path("sign-out", sign_in.sign_out, name="sign-out"),
    path("account", setting_up.account, name="account"),
    path("account/passkey", setting_up.passkey_new, name="passkey-new"),
    path("account/password", setting_up.password, name="account-password"),
    path("account/codes", setting_up.codes_new, name="codes-new"),
    path("account/recovery-codes", setting_up.recovery_codes, name="recovery-codes"),
    path("account/remove", setting_up.remove, name="way-remove"),
    path("account/sessions", setting_up.end_sessions, name="sessions-end"),
    path("account/prove", setting_up.prove, name="account-prove"),
    path("account/prove/passkey", setting_up.prove_options, name="prove-options"),
    path("recovery", recovering.ask, name="recovery"),
    path("recovery/<str:public_id>/<str:token>", recovering.open_anew, name="recovery-open"),
    path("recovery/<str:public_id>/<str:token>/stop", recovering.stop_by_letter, name="recovery-stop"),
    path("desk/recoveries", recovering.waiting, name="recoveries"),
    path("seats", views.seats, name="seats"),
    path("desk", desks.desk, name="desk"),
    path("desk/choices", arrangements.choices, name="choices"),
    path("desk/calendar", arrangements.calendar_address, name="calendar-address"),
    path("desk/due.csv", desks.due_csv, name="due-csv"),
    path("desk/take", desks.take, name="desk-take"),
    path("desk/draft/<str:public_id>/back", desks.draft_back, name="draft-back"),
    path("welcome/<str:public_id>/<str:token>", setting_up.invitation, name="invitation"),
    path("desk/organisation/<str:public_id>/seats", views.organisation_seats, name="organisation-seats"),
    path("desk/seat/<str:public_id>/invite", views.invitation_again, name="invitation-again"),
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
