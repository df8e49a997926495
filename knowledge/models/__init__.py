"""Articles, their versions, and what readers make of them."""

from .article import Article
from .feedback import Dismissal, SearchTerm, Visit, Vote
from .version import ArticleVersion
from .vocabulary import Word

__all__ = ["Article", "ArticleVersion", "Dismissal", "SearchTerm", "Visit", "Vote", "Word"]
