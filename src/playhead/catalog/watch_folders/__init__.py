"""Watch folders: folders of the server whose files become videos, each once."""
