"""Addresses of configuration items in the REST API."""

from django.urls import path

from . import importing, views

urlpatterns = [
    path("items/", views.Items.as_view()),
    path("items/<int:number>/", views.OneItem.as_view()),
    path("items/<int:number>/retirement/", views.ItemRetirement.as_view()),
    path("items/<int:number>/use/", views.ItemUse.as_view()),
    path("items/<int:number>/relations/", views.ItemRelations.as_view()),
    path("items/<int:number>/impact/", views.ItemImpact.as_view()),
    path("item-relations/<int:number>/", views.OneRelation.as_view()),
    path("item-imports/", importing.Imports.as_view()),
    path("item-imports/<int:number>/", importing.OneImport.as_view()),
    path("item-imports/<int:number>/application/", importing.ImportApplication.as_view()),
]
