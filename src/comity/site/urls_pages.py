"""The pages that belong to no single room."""

from django.urls import path

from comity.site import embeds, previews, views

urlpatterns = [
    path("", views.home, name="home"),
    path("eyes", views.eyes, name="eyes"),
    path("search", views.search, name="search"),
    path("search/suggest", views.suggestions, name="search-suggest"),
    path("thread/", views.any_thread, name="thread-list"),
    path("thread/<str:kind>/<str:public_id>", views.thread, name="thread"),
    path("feed.atom", views.feed, name="feed"),
    path("preview/<slug:kind>/<str:public_id>.png", previews.preview, name="preview"),
    path("embed/<slug:kind>/<str:public_id>", embeds.embed, name="embed"),
    path("embed/<slug:kind>/<str:public_id>/how", embeds.embed_how, name="embed-how"),
    path("mission", views.mission, name="mission"),
]
