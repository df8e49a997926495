"""Addresses of the profile."""

from django.urls import path

from itsm.vocabularies import views as words

from . import keys, news, views

app_name = "people"
urlpatterns = [
    path("", views.profile, name="profile"),
    path("keys/", keys.keys, name="keys"),
    path("words/", words.mine, name="words"),
    path("news/", news.news, name="news"),
    path("tokens/", views.tokens, name="tokens"),
    path("feeds/", views.feeds, name="feeds"),
    path("feeds/<int:key>/revocation/", views.feed_revocation, name="feed_revocation"),
    path("tokens/<int:key>/revocation/", views.revocation, name="revocation"),
]
