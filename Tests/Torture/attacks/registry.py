"""All attacks, in the order of the table."""

from attacks import (changing, clocks, commands, concurrency, faults, flips, fuzz, growth, kills,
                     large, limits, overlap, powerloss, rotation)

MODULES = (kills, growth, large, powerloss, commands, faults, changing, limits, concurrency,
           rotation, flips, overlap, clocks, fuzz)

ATTACKS = [attack for module in MODULES for attack in module.ATTACKS]
