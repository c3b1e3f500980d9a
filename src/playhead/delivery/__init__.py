"""Delivery: bytes to players, by RFC 9110, signed and counted."""
