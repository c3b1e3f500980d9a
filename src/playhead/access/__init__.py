"""Who asks and what is allowed: users, sessions, API keys, signed URLs, limits."""
