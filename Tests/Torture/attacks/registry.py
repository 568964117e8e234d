"""All attacks, in the order of the table."""

from attacks import growth, kills, powerloss

ATTACKS = [*kills.ATTACKS, *powerloss.ATTACKS, *growth.ATTACKS]
