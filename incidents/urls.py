"""Addresses of incidents: a new one, and the page of each with its acts."""

from django.urls import path

from records.page_urls import addresses

from .views import again, new, ticket

app_name = "incidents"
urlpatterns = [
    path("new/", new.NewTicket.as_view(), name="new"),
    path("new/callers/", new.callers, name="callers"),
    path("new/preview/", new.preview, name="preview"),
    path("new/draft/", new.draft, name="new_draft"),
    *addresses(
        "incidents",
        ticket.TicketPage,
        own=[
            path("incidents/<reference:number>/recurrence/", again.again, name="recurrence"),
            path("incidents/<reference:number>/similar/", ticket.similar, name="similar"),
            path("incidents/<reference:number>/taking/", ticket.taking, name="taking"),
        ],
    ),
]
