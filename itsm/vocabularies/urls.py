"""Addresses of the vocabularies of the installation."""

from django.urls import path

from . import views

app_name = "vocabularies"
urlpatterns = [
    path("", views.vocabularies, name="list"),
    path("new/", views.new, name="new"),
    path("file/", views.new_from_file, name="new_from_file"),
    path("<slug:slug>/", views.vocabulary, name="vocabulary"),
    path("<slug:slug>/file/", views.file, name="file"),
    path("<slug:slug>/default/", views.default, name="default"),
    path("<slug:slug>/removal/", views.removal, name="removal"),
]
