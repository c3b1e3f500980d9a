"""Resumable uploads (tus 1.0.0) and the upload of a video as the body of one request."""
