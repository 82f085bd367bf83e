// Memory of tensors on the processor.
#include <torch/version.h>

#if TORCH_VERSION_MAJOR < 2
#include <c10/core/CPUAllocator.h>

#include <cstdint>
#include <cstdlib>

namespace {

constexpr std::size_t kAlignment = 64;

// libtorch asks glibc for aligned blocks, and glibc does not give a block that was freed to the next request of the same size
// as long as it can cut one from a larger piece: a loop over tensors of 35 MiB held six to eight of them. Plain blocks of
// equal size are used again at once, so alignment is made here, with the block's start kept before the data.
struct PlainAllocator final : c10::Allocator {
  c10::DataPtr allocate(std::size_t bytes) const override {
    if (bytes == 0) return {nullptr, nullptr, &release, c10::Device(c10::DeviceType::CPU)};
    void* block = std::malloc(bytes + kAlignment + sizeof(void*));
    TORCH_CHECK(block != nullptr, "not enough memory: you tried to allocate ", bytes, " bytes");
    auto start = reinterpret_cast<std::uintptr_t>(block) + sizeof(void*);
    auto* data = reinterpret_cast<void**>((start + kAlignment - 1) & ~(kAlignment - 1));
    data[-1] = block;
    return {data, data, &release, c10::Device(c10::DeviceType::CPU)};
  }

  c10::DeleterFnPtr raw_deleter() const override { return &release; }

  static void release(void* data) {
    if (data != nullptr) std::free(static_cast<void**>(data)[-1]);
  }
};

PlainAllocator allocator;

__attribute__((constructor)) void use_plain_blocks() { c10::SetCPUAllocator(&allocator, 1); }

}  // namespace
#endif
