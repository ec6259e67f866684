"""Cameras and other things plugged into the computer."""
