"""Tests. A package, so that no other of this name comes first: a dependency of the tests ships one."""
