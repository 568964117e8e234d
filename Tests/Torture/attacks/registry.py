"""All attacks, in the order of the table."""

from attacks import (changing, clocks, commands, concurrency, faults, flips, fuzz, growth, kills,
                     limits, overlap, powerloss, rotation)

ATTACKS = [attack for module in (kills, growth, powerloss, commands, faults, changing, limits,
                                 concurrency, rotation, flips, overlap, clocks, fuzz)
           for attack in module.ATTACKS]
