"""Transfers: media bodies on their way to clients, from their source to the end of the connection."""
