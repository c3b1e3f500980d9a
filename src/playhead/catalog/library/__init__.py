"""Order in a library: collections, tags, saved searches, what was watched, and the room that all of it takes."""
