"""Routes of access, a file per resource."""
