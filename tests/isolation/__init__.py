"""Who may call what on whose objects: every operation of the route table, in every caller's hands."""
