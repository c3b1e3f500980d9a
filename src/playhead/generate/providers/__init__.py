"""Adapters of generation providers: each translates one protocol to the port, over HTTP and without an SDK."""
