"""Still images that people upload, and frames of videos: inputs of generations."""
