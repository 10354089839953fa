"""Migrations, named for what they bring; written by hand where the database itself must hold a rule."""
