"""Pictures that are laid over or shown instead of a video: drawn by a process of their own, in files for ffmpeg."""
