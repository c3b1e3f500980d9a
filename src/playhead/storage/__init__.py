"""Where bytes live: a local folder or object storage, behind one Protocol."""
