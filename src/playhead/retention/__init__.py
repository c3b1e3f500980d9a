"""Retention: policies, holds, the trash, and free space first."""
