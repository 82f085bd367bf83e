// Devices, threads, precision and random numbers.
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
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

// The state of the processor's generator as a new tensor of bytes.
TCLR_EXPORT int tclr_random_state(void** state) {
  return guard([&] {
    auto generator = at::detail::getDefaultCPUGenerator();
    std::lock_guard<std::mutex> lock(generator.mutex());
    *state = new_handle(generator.get_state());
  });
}

TCLR_EXPORT int tclr_set_random_state(void* state) {
  return guard([&] {
    auto generator = at::detail::getDefaultCPUGenerator();
    std::lock_guard<std::mutex> lock(generator.mutex());
    generator.set_state(as_tensor(state));
  });
}

// Whether single precision may be multiplied in TF32 on a GPU: library 0 is cuBLAS, 1 cuDNN.
TCLR_EXPORT int32_t tclr_tf32(int32_t library) {
  auto& context = at::globalContext();
  return library == 0 ? context.allowTF32CuBLAS() : context.allowTF32CuDNN();
}

TCLR_EXPORT int tclr_set_tf32(int32_t library, int32_t allowed) {
  return guard([&] {
    auto& context = at::globalContext();
    library == 0 ? context.setAllowTF32CuBLAS(allowed != 0) : context.setAllowTF32CuDNN(allowed != 0);
  });
}

TCLR_EXPORT int tclr_cuda_devices(int32_t* count) {
  return guard([&] { *count = torch::cuda::is_available() ? static_cast<int32_t>(torch::cuda::device_count()) : 0; });
}

TCLR_EXPORT int tclr_cuda_synchronize(int32_t device) {
  return guard([&] { torch::cuda::synchronize(device); });
}
