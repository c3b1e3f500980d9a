"""Generation: prompts become clips through outside providers, each paid once."""
