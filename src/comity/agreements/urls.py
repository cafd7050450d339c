"""The addresses of agreements and coalitions."""

from django.urls import path

from comity.agreements import acts, views

urlpatterns = [
    path("agreement/", views.agreement_list, name="agreement-list"),
    path("agreement/table.csv", views.agreement_table, name="agreement-table"),
    path("agreement/new", acts.propose, name="agreement-new"),
    path("agreement/<str:public_id>/do/sign", acts.sign, name="agreement-sign"),
    path("agreement/<str:public_id>/do/board", acts.report_board, name="agreement-board"),
    path("agreement/<str:public_id>/do/translate", acts.translate, name="agreement-translate"),
    path("agreement/<str:public_id>/do/end", acts.end, name="agreement-end"),
    path("agreement/<str:public_id>", views.agreement_page, name="agreement-short"),
    path("agreement/<str:public_id>/<str:slug>", views.agreement_page, name="agreement"),
    path("coalition/", views.coalition_list, name="coalition-list"),
    path("coalition/table.csv", views.coalition_table, name="coalition-table"),
    path("coalition/new", acts.found, name="coalition-new"),
    path("coalition/<str:public_id>/do/join", acts.join, name="coalition-join"),
    path("coalition/<str:public_id>/do/board", acts.report_board_on_joining, name="coalition-board"),
    path("coalition/<str:public_id>/do/leave", acts.leave, name="coalition-leave"),
    path("coalition/<str:public_id>/do/hand-over", acts.hand_over, name="coalition-hand-over"),
    path("coalition/<str:public_id>/do/keep", acts.keep, name="coalition-keep"),
    path("coalition/<str:public_id>/do/take-over", acts.take_over, name="coalition-take-over"),
    path("coalition/<str:public_id>", views.coalition_page, name="coalition-short"),
    path("coalition/<str:public_id>/<str:slug>", views.coalition_page, name="coalition"),
]
