// Devices, threads and random numbers.
#include <ATen/Parallel.h>
#include <torch/version.h>
#include <torch/cuda.h>

#include "shim.h"

using namespace tclr;

TCLR_EXPORT const char* tclr_version() { return TORCH_VERSION; }

TCLR_EXPORT int32_t tclr_threads() { return at::get_num_threads(); }

// Reaches this thread and those started after; a thread that already ran keeps its own number.
TCLR_EXPORT int tclr_set_threads(int32_t count) {
  return guard([&] {
    TORCH_CHECK(count > 0, "expected a positive number of threads, got ", count);
    at::set_num_threads(count);
  });
}

TCLR_EXPORT int tclr_manual_seed(int64_t seed) {
  return guard([&] { at::manual_seed(static_cast<uint64_t>(seed)); });
}

TCLR_EXPORT int tclr_cuda_devices(int32_t* count) {
  return guard([&] { *count = torch::cuda::is_available() ? static_cast<int32_t>(torch::cuda::device_count()) : 0; });
}

TCLR_EXPORT int tclr_cuda_synchronize(int32_t device) {
  return guard([&] { torch::cuda::synchronize(device); });
}
