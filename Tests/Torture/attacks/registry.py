"""All attacks, in the order of the table."""

from attacks import changing, faults, growth, kills, powerloss

ATTACKS = [*kills.ATTACKS, *powerloss.ATTACKS, *growth.ATTACKS, *faults.ATTACKS,
           *changing.ATTACKS]
