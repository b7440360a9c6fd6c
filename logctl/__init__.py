"""The command line: serve, query, instant-query, explain, labels, series, push.

Client commands need nothing but Python; only ``serve`` imports the server.
"""
