"""Drawing of words onto frames: captions, titles and cards, the same pixels on every machine."""
