"""All attacks, in the order of the table."""

from attacks import kills

ATTACKS = [*kills.ATTACKS]
