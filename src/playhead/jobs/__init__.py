"""Durable jobs: the one package that knows the job engine."""
