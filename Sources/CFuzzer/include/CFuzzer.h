#pragma once

#include <stddef.h>
#include <stdint.h>

/// Runs libFuzzer, which the toolchain's runtime holds, with the options of the command line.
///
/// \param one reads one input; what it returns is 0.
/// \returns the exit code.
int tb_fuzz(int argc, char **argv, int (*one)(const uint8_t *data, size_t size));
