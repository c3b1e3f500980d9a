"""The edit of a reel: clips with their effects, and what lies over and under all of them."""
