"""The program: the list of domains, the API process, the worker process."""
