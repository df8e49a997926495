"""The set-up pages: Django's admin for administrators, with every change in the audit log."""
