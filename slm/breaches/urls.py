"""Addresses of breaches. Acts are nouns below the breach."""

from django.urls import path

from records import converters  # noqa: F401 - <reference:…> in addresses

from .views import acts, breaches, set_up
from .views.beside import beside

app_name = "breaches"
urlpatterns = [
    path("", breaches.breaches, name="breaches"),
    path("explanations/", acts.explanations, name="explanations"),
    path("set-up/", set_up.set_up, name="set_up"),
    path("set-up/causes/", set_up.causes, name="causes"),
    path("set-up/causes/<int:pk>/", set_up.cause, name="cause"),
    path("set-up/clauses/", set_up.clauses, name="clauses"),
    path("set-up/clauses/<int:pk>/", set_up.clause, name="clause"),
    path("set-up/deadlines/", set_up.deadlines, name="deadlines"),
    path("<int:pk>/", breaches.breach, name="breach"),
    path("<int:pk>/explanation/", acts.explanation, name="explanation"),
    path("<int:pk>/excuse/", acts.excuse, name="excuse"),
    path("<int:pk>/excuse/return/", acts.excuse_return, name="excuse_return"),
    path("<int:pk>/excuse/deferral/", acts.deferral, name="deferral"),
    path("beside/<reference:number>/", beside, name="beside"),
]
