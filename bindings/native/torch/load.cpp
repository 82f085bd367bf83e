// Settings that have to be made before libtorch allocates anything.
#include <malloc.h>

namespace {

// glibc gives large blocks back to the system and faults them in again at each training step. Keeping them took Adam on
// 33 M parameters from 118 to 38 ms and an R3D-18 step down by 5-17 %.
__attribute__((constructor)) void keep_large_blocks() {
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 0x7fffffff);
  mallopt(M_TOP_PAD, 64 << 20);
  mallopt(M_ARENA_MAX, 1);
}

}  // namespace
