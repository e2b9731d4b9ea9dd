"""Official lists of parties, as they are published, turned into events: what is new, what changed, who is off."""
