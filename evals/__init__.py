"""Measuring the assistant: cases, metrics, runs, reports, comparisons."""
