"""Detection: who is live, by the platform's events and by polling."""
