"""Ten times more senders than a server needs to be busy: what is still taken, and who still gets answers."""
