"""The agent: tails what a promtail configuration names and ships it, parsed, to the push API.

Needs PyYAML, google-re2 and jmespath (``pip install 'skaldlog[agent]'``); the rest of the client does not.
"""
