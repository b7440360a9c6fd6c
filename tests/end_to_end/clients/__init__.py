"""Programs that real clients run in: each is a child process given the server's URL and a mark to put in its lines."""
