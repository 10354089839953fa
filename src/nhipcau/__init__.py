"""Nhịp Cầu: risk communication and community engagement for a province. Start at ARCHITECTURE.md."""

__version__ = "0.1.0"
