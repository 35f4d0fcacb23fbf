"""The terminal: its driver and input, the streams, signals and threads, the log, and the messages of crashes."""
