"""Addresses of the inbox."""

from django.urls import path

from . import views

app_name = "notifications"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("count/", views.count, name="count"),
    # About a record: its number. About anything else: its kind and key.
    *[
        path(f"{about}{act.__name__}/", act, name=f"{prefix}{act.__name__}")
        for prefix, about in (("", "<int:number>/"), ("subject_", "<slug:kind>/<int:number>/"))
        for act in (views.reading, views.done, views.snooze, views.muting, views.unread)
    ],
]
