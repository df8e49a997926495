from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "search"

    def ready(self) -> None:
        from records.query import text

        from .matching import in_documents
        from .subscriptions import register

        register()
        text.use(in_documents)
