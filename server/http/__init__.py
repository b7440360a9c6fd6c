"""Requests and answers: routes, bodies within limits, errors, compression."""
