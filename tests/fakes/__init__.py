"""Servers that behave like the ones people use, on 127.0.0.1, for end-to-end tests."""
