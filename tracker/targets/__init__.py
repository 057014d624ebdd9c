"""Targets (指标) as a road: milestones, reported figures, where they should be by now."""
