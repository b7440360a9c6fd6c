"""Sockets and who is on the other end: HTTP/1.1, WebSockets, TLS, and clients that are slow."""
