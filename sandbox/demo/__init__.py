"""A market day, played over HTTP only: this package knows nothing of the product but its HTTP contract."""

from sandbox.demo.checks import Check
from sandbox.demo.loading import DayRefused, load_market_day
from sandbox.demo.play import play_market_day
from sandbox.demo.script import MarketDay

__all__ = ["Check", "DayRefused", "MarketDay", "load_market_day", "play_market_day"]
