"""Addresses of the inbox."""

from django.urls import path

from . import views

app_name = "notifications"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("count/", views.count, name="count"),
    path("<int:number>/reading/", views.reading, name="reading"),
    path("<int:number>/done/", views.done, name="done"),
    path("<int:number>/snooze/", views.snooze, name="snooze"),
    path("<int:number>/muting/", views.muting, name="muting"),
    path("<int:number>/unread/", views.unread, name="unread"),
]
