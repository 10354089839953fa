"""How good and how fast the forecasts are, beside live peers from statsforecast."""
