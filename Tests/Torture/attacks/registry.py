"""All attacks, in the order of the table."""

from attacks import (changing, commands, concurrency, faults, flips, growth, kills, limits, overlap,
                     powerloss, rotation)

ATTACKS = [attack for module in (kills, growth, powerloss, commands, faults, changing, limits,
                                 concurrency, rotation, flips, overlap)
           for attack in module.ATTACKS]
