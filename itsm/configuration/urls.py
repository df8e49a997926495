"""Addresses of configuration items."""

from django.urls import path

from .views import impact, importing, items, listing, relations

app_name = "configuration"
urlpatterns = [
    path("cmdb/", listing.item_list, name="list"),
    path("cmdb/new/", items.new, name="new"),
    path("cmdb/fields/", items.fields, name="fields"),
    path("cmdb/choices/", listing.choices, name="choices"),
    path("cmdb/verifications/", listing.verifications, name="verifications"),
    path("cmdb/import/", importing.begin, name="import"),
    path("cmdb/import/<int:key>/", importing.run, name="import_run"),
    path("cmdb/import/<int:key>/application/", importing.application, name="import_application"),
    path("cmdb/import/<int:key>/removal/", importing.removal, name="import_removal"),
    path("ci/<int:key>/", items.item, name="item"),
    path("ci/<int:key>/edit/", items.edit, name="edit"),
    path("ci/<int:key>/retirement/", items.retirement, name="retirement"),
    path("ci/<int:key>/verification/", items.verification, name="verification"),
    path("ci/<int:key>/use/", items.use, name="use"),
    path("ci/<int:key>/relations/", relations.add, name="relations"),
    path("ci/<int:key>/relations/<int:relation>/removal/", relations.remove, name="removal"),
    path("ci/<int:key>/impact/", impact.of_item, name="impact"),
    path("cmdb/services/<slug:slug>/impact/", impact.of_service, name="service_impact"),
]
