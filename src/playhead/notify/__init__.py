"""Notifications: outgoing webhooks, and messages through Apprise."""
