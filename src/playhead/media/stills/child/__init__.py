"""The program that decodes: libav and Pillow live here alone, in a limited process that holds nothing but a file."""
