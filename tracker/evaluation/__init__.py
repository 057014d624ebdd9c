"""Judgement: obligations -> tally -> judge -> findings; explain walks the same way back."""
