"""Links: the signed URLs under ``/v/``, how they are made and checked, and the routes that serve them."""
