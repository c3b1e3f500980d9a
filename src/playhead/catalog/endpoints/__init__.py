"""Routes of the catalog, a file per resource."""
