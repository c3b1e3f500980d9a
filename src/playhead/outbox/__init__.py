"""Events for the outside, recorded in the transaction that makes them true."""
