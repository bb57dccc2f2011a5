"""What the differential run is made of: tokens, verifiers, and the rules of their differences."""
