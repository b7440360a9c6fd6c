"""Tails over WebSockets: how many there may be, and the life of one."""
