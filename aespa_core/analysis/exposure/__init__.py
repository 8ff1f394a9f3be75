"""Who bears how much heat: groups of people, fifths of income, deciles of tracts."""
