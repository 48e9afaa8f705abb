"""Clocked work: sessions, what their heartbeats prove, and their pay."""
