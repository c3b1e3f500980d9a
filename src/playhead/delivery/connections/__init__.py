"""Connections: media from files to sockets with sendfile(2), under uvicorn on Linux; in chunks elsewhere."""
