"""Addresses of the catalog and the tree."""

from django.urls import path

from . import views

app_name = "kpi_catalog"
urlpatterns = [
    path("catalog/", views.catalog, name="catalog"),
    path("catalog/<slug:name>/", views.handling, name="handling"),
    path("factors/", views.success_factors, name="tree"),
    path("factors/new/", views.new_factor, name="new_factor"),
    path("factors/<slug:slug>/", views.factor, name="factor"),
    path("factors/<slug:slug>/removal/", views.factor_removal, name="factor_removal"),
]
