"""What follows from a finding: notices and interview recommendations, each with its history."""
