"""All attacks, in the order of the table."""

from attacks import kills, powerloss

ATTACKS = [*kills.ATTACKS, *powerloss.ATTACKS]
