#include "CAllocator.h"

#include <malloc.h>

void tb_allocator_keep_memory(void) {
  // Above it stand the identities of large days, which grow: moved about the heap they would leave
  // twice their size in holes.
  mallopt(M_MMAP_THRESHOLD, 4 << 20);
  mallopt(M_TRIM_THRESHOLD, 64 << 20);
}

void tb_allocator_give_back_memory(void) { malloc_trim(0); }
