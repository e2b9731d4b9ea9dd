"""Lodestone: an event-sourced register of export restrictions, trade licenses and the diplomacy around them."""

__version__ = "0.1.0"
