"""Started as a file, never imported: ``python -I -S __main__.py FOLDER_OF_PILLOW FOLDER_OF_PLAYHEAD``."""

import sys

if __name__ == "__main__":
    sys.path += sys.argv[1:3]
    from playhead.media.layers.child.draw import main

    sys.exit(main(sys.stdin.buffer.read()))
