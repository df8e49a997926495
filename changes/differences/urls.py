"""Addresses of differences."""

from django.urls import path

from .views import differences

app_name = "differences"
urlpatterns = [
    path("differences/", differences.differences, name="differences"),
    path("differences/explanations/", differences.explanations, name="explanations"),
    path("differences/<int:key>/reopening/", differences.reopening, name="reopening"),
]
