"""Addresses that every kind of record shares."""

from django.urls import path

from . import converters  # noqa: F401 - registers <reference:…>
from .views import conversation, files, presence, queue, queue_bulk, queue_edit, queue_play, queue_views, relations

app_name = "records"
urlpatterns = [
    path("queue/", queue.queue, name="queue"),
    path("queue/suggestions/", queue.suggestions, name="queue_suggestions"),
    path("queue/views/", queue_views.save, name="view_save"),
    path("queue/views/<int:key>/", queue_views.change, name="view_change"),
    path("queue/views/<int:key>/removal/", queue_views.remove, name="view_remove"),
    path("queue/views/<int:key>/star/", queue_views.star, name="view_star"),
    path("queue/tickets/<int:number>/unread/", queue_edit.unread, name="queue_unread"),
    path("queue/tickets/<int:number>/<slug:act>/", queue_edit.edit, name="queue_edit"),
    path("queue/tickets/<int:number>/", queue_edit.preview, name="queue_preview"),
    path("queue/acts/<slug:act>/", queue_bulk.bulk, name="bulk"),
    path("queue/runs/<int:key>/", queue_bulk.bulk_run, name="bulk_run"),
    path("queue/runs/<int:key>/undo/", queue_bulk.bulk_undo, name="bulk_undo"),
    path("queue/runs/<int:key>/stop/", queue_bulk.bulk_stop, name="bulk_stop"),
    path("queue/play/", queue_play.play, name="play"),
    path("queue/<slug:view>/play/", queue_play.play, name="play_view"),
    path("queue/<slug:view>/", queue.queue, name="queue_view"),
    path("r/<reference:number>/", relations.go, name="go"),
    path("r/<reference:number>/replies/", conversation.replies, name="replies"),
    path("r/<reference:number>/replies/taking-back/", conversation.take_back, name="take_back"),
    path("r/<reference:number>/replies/release/", conversation.release, name="release"),
    path("r/<reference:number>/notes/", conversation.notes, name="notes"),
    path("r/<reference:number>/drafts/<int:key>/adoption/", conversation.adoption, name="draft_adoption"),
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
