"""Addresses that every kind of record shares."""

from django.urls import path

from . import converters  # noqa: F401 - registers <reference:…>
from .views import conversation, files, presence, relations

app_name = "records"
urlpatterns = [
    path("r/<reference:number>/", relations.go, name="go"),
    path("r/<reference:number>/replies/", conversation.replies, name="replies"),
    path("r/<reference:number>/replies/taking-back/", conversation.take_back, name="take_back"),
    path("r/<reference:number>/replies/release/", conversation.release, name="release"),
    path("r/<reference:number>/notes/", conversation.notes, name="notes"),
    path("r/<reference:number>/drafts/<slug:composer>/", conversation.drafts, name="drafts"),
    path("r/<reference:number>/files/", files.add, name="files"),
    path("r/<reference:number>/files/<int:key>/", files.download, name="file"),
    path("r/<reference:number>/links/", relations.links, name="links"),
    path("r/<reference:number>/links/<int:key>/removal/", relations.link_removal, name="link_removal"),
    path("r/<reference:number>/watching/", relations.watching, name="watching"),
    path("r/<reference:number>/watchers/", relations.watchers, name="watchers"),
    path("r/<reference:number>/tasks/", relations.tasks, name="tasks"),
    path("r/<reference:number>/tasks/<int:key>/", relations.task, name="task"),
    path("r/<reference:number>/presence/", presence.presence, name="presence"),
]
