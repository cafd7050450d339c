"""The addresses of opinions and principles."""

from django.urls import path

from comity.deliberation import acts, exports, views, voting

urlpatterns = [
    path("conversation/", views.conversation_list, name="conversation-list"),
    path("conversation/new", acts.open_new, name="conversation-new"),
    path("conversation/<str:public_id>/all/statements", views.all_statements, name="conversation-statements"),
    path("conversation/<str:public_id>/all/statements.csv", exports.statements_csv, name="conversation-statements-csv"),
    path("conversation/<str:public_id>/all/votes.csv", exports.votes_csv, name="conversation-votes-csv"),
    path("conversation/<str:public_id>/do/vote", voting.vote, name="conversation-vote"),
    path("conversation/<str:public_id>/do/propose", acts.propose, name="conversation-propose"),
    path("conversation/<str:public_id>/do/admit", acts.admit, name="conversation-admit"),
    path("conversation/<str:public_id>/do/silence/<str:statement_id>", acts.silence, name="conversation-silence"),
    path("conversation/<str:public_id>/do/close", acts.close, name="conversation-close"),
    path("conversation/<str:public_id>/do/principle", acts.draw, name="conversation-principle"),
    path("conversation/<str:public_id>", views.conversation_page, name="conversation-short"),
    path("conversation/<str:public_id>/<str:slug>", views.conversation_page, name="conversation"),
    path("principle/", views.principle_list, name="principle-list"),
    path("principle/<str:public_id>/do/report", acts.file_report, name="principle-report"),
    path("principle/<str:public_id>", views.principle_page, name="principle-short"),
    path("principle/<str:public_id>/<str:slug>", views.principle_page, name="principle"),
]
