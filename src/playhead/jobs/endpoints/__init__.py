"""Routes of jobs and workers."""
