"""Decisions: who was entitled, how each delegation voted, and the outcome under the pinned rule, step by step."""
