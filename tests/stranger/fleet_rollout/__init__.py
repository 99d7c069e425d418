"""Brings the PCs of a fleet under Sure Admin, and gives them the fleet's settings."""
