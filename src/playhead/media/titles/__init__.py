"""Title clips: the words of a text over moving colours, rendered by ffmpeg. No model takes part."""
