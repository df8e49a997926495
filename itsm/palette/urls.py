"""Address of the palette."""

from django.urls import path

from . import views

app_name = "palette"
urlpatterns = [path("palette/", views.results, name="results")]
