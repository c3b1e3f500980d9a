"""Programs that read untrusted files with libav: started as a file, alone, with nothing but an open descriptor."""
