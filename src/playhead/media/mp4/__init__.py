"""Our own MP4: read an index, write an index, and on these two merge, defragment and cut. No libav."""
