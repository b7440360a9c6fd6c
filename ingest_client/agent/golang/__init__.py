"""What a promtail configuration inherits from Go: layouts of time, durations, sizes."""
