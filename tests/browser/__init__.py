"""Tests of the interface. A package, so that its server ends with it."""
