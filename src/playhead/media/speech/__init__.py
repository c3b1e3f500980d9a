"""Speech to words with times: a small port, with two engines that are installed as extras."""
