#pragma once

/// Tells the C library to keep what large arrays gave back, instead of unmapping it.
void tb_allocator_keep_memory(void);
