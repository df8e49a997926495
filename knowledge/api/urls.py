"""Addresses of articles in the API."""

from django.urls import path

from records.api.moves import move_views
from records.api.urls import nested

from .representation import ArticleShape, article
from .searches import FailedSearches, SearchRemoval
from .using import ArticleVote, Dismissals, Offers, Uses
from .views import ArticleAudience, Articles, OneArticle, OneDraft, Versions

urlpatterns = [
    path("kb/", Articles.as_view()),
    path("kb/offers/", Offers.as_view()),
    path("kb/<str:reference>/", OneArticle.as_view()),
    path("kb/<str:reference>/draft/", OneDraft.as_view()),
    path("kb/<str:reference>/versions/", Versions.as_view()),
    path("kb/<str:reference>/audience/", ArticleAudience.as_view()),
    path("kb/<str:reference>/vote/", ArticleVote.as_view()),
    path("kb/<str:reference>/uses/", Uses.as_view()),
    path("kb/<str:reference>/dismissals/", Dismissals.as_view()),
    *[path(f"kb/<str:reference>/{noun}/", view) for noun, view in move_views("article", article, ArticleShape).items()],
    *[path(f"kb/{each.pattern}", each.callback) for each in nested("article")],
    path("failed-searches/", FailedSearches.as_view()),
    path("failed-searches/<int:number>/removal/", SearchRemoval.as_view()),
]
