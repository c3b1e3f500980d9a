"""Tests of delivery. A package, so that its server ends with it and does not run idle beside the tests after it."""
