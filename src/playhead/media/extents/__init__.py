"""How many bytes of a file its first recording takes up: one reader per container, pure Python, headers only."""
