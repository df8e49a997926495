"""Meetings of boards, over REST."""
