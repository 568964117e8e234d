"""All attacks, in the order of the table."""

from attacks import (changing, concurrency, faults, flips, growth, kills, limits, overlap, powerloss,
                     rotation)

ATTACKS = [*kills.ATTACKS, *powerloss.ATTACKS, *growth.ATTACKS, *faults.ATTACKS,
           *changing.ATTACKS, *limits.ATTACKS, *concurrency.ATTACKS,
           *rotation.ATTACKS, *flips.ATTACKS, *overlap.ATTACKS]
