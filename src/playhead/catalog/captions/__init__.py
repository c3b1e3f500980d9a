"""Caption tracks of videos: added, edited, downloaded, transcribed."""
