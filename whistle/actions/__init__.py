"""The rules and consequences of each verb; importing this package hangs them on the flows."""

from whistle.actions import orders, requests, responses, verifications, whistles

__all__ = ["orders", "requests", "responses", "verifications", "whistles"]
