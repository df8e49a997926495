"""The vocabularies of the installation, and which of them one speaks oneself."""
