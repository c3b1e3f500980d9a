"""MP4 without libav: reading and writing of an index, and on these merging, defragmenting and cutting."""
