"""Program that recognises speech: reads one request as a line of JSON, writes lines of JSON."""
