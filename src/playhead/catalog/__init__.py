"""Videos: their bytes, what is known of them, uploads and ingest."""
