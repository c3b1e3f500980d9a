"""What the API says of generation, by resource."""
