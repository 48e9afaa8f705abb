"""What a dispute or a scorecard decides about: the unpaid money of one piece of work, whatever it pays
for."""
