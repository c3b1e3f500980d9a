"""Started as a file, never imported: ``python -I -S __main__.py FOLDER_OF_AV FOLDER_OF_PLAYHEAD``."""

import sys

if __name__ == "__main__":
    sys.path += sys.argv[1:3]
    from playhead.media.titles.child.layers import main

    sys.exit(main(sys.stdin.buffer.read()))
