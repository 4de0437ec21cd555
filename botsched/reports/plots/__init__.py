"""Plots: numbers drawn as lines or bars, in HTML, in pictures and in plain text."""
