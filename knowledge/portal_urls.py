"""Addresses of articles for readers, open to visitors."""

from django.urls import path

from .views import portal

app_name = "knowledge_portal"
urlpatterns = [
    path("", portal.home, name="home"),
    path("answers/", portal.answers, name="answers"),
    path("unanswered/", portal.unanswered, name="unanswered"),
    path("<slug:slug>/", portal.article, name="article"),
    path("<slug:slug>/votes/", portal.votes, name="votes"),
]
