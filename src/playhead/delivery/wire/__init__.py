"""The wire: media from files to sockets by the kernel, under uvicorn; Linux and plaintext TCP, chunks elsewhere."""
