"""Adapters of the port `generate.provider`, one file per protocol."""
