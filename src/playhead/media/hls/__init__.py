"""HLS streams computed from an MP4's own index, just in time: nothing is packaged or stored."""
