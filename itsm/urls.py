"""Every address, gathered from the apps."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.account.urls")),
    path("admin/set-up/", admin.site.urls),
]
