#pragma once

/// Tells the C library to keep what large arrays gave back, instead of unmapping it.
void tb_allocator_keep_memory(void);

/// Unmaps what was given back and not used again, holes in the heap included.
void tb_allocator_give_back_memory(void);
