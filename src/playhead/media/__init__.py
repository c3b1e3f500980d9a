"""Video files: inspection, rendering, HLS, stills. No HTTP, no database."""
