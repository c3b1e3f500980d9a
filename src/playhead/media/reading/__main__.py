"""Program started as a file: ``python -I -S __main__.py FOLDER_OF_AV FOLDER_OF_PLAYHEAD PROGRAM ARGUMENTS``.

The file arrives as an open descriptor and no other protocol is allowed, so that nothing in it can name a second file.
"""

import sys

if __name__ == "__main__":
    sys.path += sys.argv[1:3]
    if sys.platform != "linux":
        from playhead.media.reading.memory import watch

        watch()
    if sys.argv[3] == "conform":
        from playhead.media.reading.conform import main
    elif sys.argv[3] == "pack":
        from playhead.media.reading.pack import main
    else:
        from playhead.media.reading.examine import main
    sys.exit(main(sys.argv[4:]))
