"""The decoder program: libav and Pillow run here alone, in a limited process that holds nothing but a file."""
