"""The command line, run as a program against a server on loopback."""
