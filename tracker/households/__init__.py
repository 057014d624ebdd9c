"""The household file (一户一档): what is known of a household, and what an exit is checked for."""
