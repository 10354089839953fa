"""What the next 24 and 72 hours will bring: expected hourly counts, 80 % intervals, and the record behind them.

`forecast_many` is the door. Nothing is loaded here: the forecasting library comes in with the first forecast.
"""

from nhipcau.engine.forecasting.driver import forecast_many
from nhipcau.engine.forecasting.levels import load_library
from nhipcau.engine.forecasting.model import Backtest, Forecast, Total

__all__ = ["Backtest", "Forecast", "Total", "forecast_many", "load_library"]
