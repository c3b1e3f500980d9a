"""The program that draws: Pillow on words and untrusted images, in a limited process."""
