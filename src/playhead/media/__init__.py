"""Video files: what they are, how they become one reel, what they look like. No HTTP, no database."""
