"""Program that draws the layers of a title clip with Pillow, in a process of its own."""
