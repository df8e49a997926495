"""Addresses of articles for agents. The last line takes the address that readers see."""

from django.urls import path

from records import converters  # noqa: F401 - registers <reference:…>
from records.page_urls import addresses

from .views import article, desk, editor

app_name = "knowledge"
urlpatterns = [
    path("kb/", desk.articles, name="list"),
    path("kb/new/", editor.NewArticle.as_view(), name="new"),
    path("kb/new/draft/", editor.keep_new, name="keep_new"),
    path("kb/preview/", editor.preview, name="preview"),
    path("kb/gaps/", desk.gaps, name="gaps"),
    path("kb/gaps/<int:key>/removal/", desk.gap_removal, name="gap_removal"),
    path("kb/beside/new/", desk.beside_new, name="beside_new"),
    path("kb/beside/<reference:number>/", desk.beside, name="beside"),
    *addresses(
        "kb",
        article.ArticlePage,
        own=[
            path("kb/<reference:number>/draft/", editor.Editor.as_view(), name="draft"),
            path("kb/<reference:number>/draft/keeping/", editor.keep, name="keep"),
            path("kb/<reference:number>/draft/removal/", article.draft_removal, name="draft_removal"),
            path("kb/<reference:number>/versions/", article.versions, name="versions"),
            path("kb/<reference:number>/audience/", article.AudienceDoor.as_view(), name="audience"),
            path("kb/<reference:number>/uses/", desk.uses, name="uses"),
            path("kb/<reference:number>/dismissals/", desk.dismissals, name="dismissals"),
        ],
    ),
    path("kb/<slug:slug>/", desk.opened, name="opened"),
]
