"""Awards: may this one be nominated? So far as the responsibility lists themselves decide it."""
