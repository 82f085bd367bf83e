// Tensors in and out, and backward.
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/variable.h>

#include "shim.h"

using namespace tclr;

namespace {

// The managed struct TensorInfo is its twin. Sizes and strides stay valid while the tensor is neither resized nor released.
struct Info {
  const int64_t* sizes;
  const int64_t* strides;
  void* data;
  int64_t elements;
  int64_t element_size;
  int64_t storage_offset;
  int32_t dimensions;
  int32_t dtype;
  int32_t device_type;
  int32_t device_index;
  int32_t contiguous;
  int32_t requires_grad;
  int32_t leaf;
  int32_t unused;
};

std::vector<at::Tensor> list_of(void* const* handles, int32_t count) {
  std::vector<at::Tensor> list(count);
  for (int32_t i = 0; i < count; ++i) {
    if (handles[i] != nullptr) {
      list[i] = as_tensor(handles[i]);
    }
  }
  return list;
}

}  // namespace

TCLR_EXPORT void tclr_tensor_release(void* handle) {
  guard([&] { delete static_cast<at::Tensor*>(handle); });
}

// A second handle to the same tensor (not a view: same autograd identity).
TCLR_EXPORT int tclr_tensor_share(void* handle, void** shared) {
  return guard([&] { *shared = new_handle(as_tensor(handle)); });
}

TCLR_EXPORT int tclr_tensor_info(void* handle, Info* info) {
  return guard([&] {
    const auto& t = as_tensor(handle);
    *info = {t.sizes().data(),
             t.strides().data(),
             t.has_storage() ? t.data_ptr() : nullptr,
             t.numel(),
             static_cast<int64_t>(t.element_size()),
             t.storage_offset(),
             static_cast<int32_t>(t.dim()),
             static_cast<int32_t>(t.scalar_type()),
             static_cast<int32_t>(t.device().type()),
             static_cast<int32_t>(t.device().index()),
             t.is_contiguous(),
             t.requires_grad(),
             t.is_leaf(),
             0};
  });
}

TCLR_EXPORT int tclr_tensor_set_requires_grad(void* handle, int32_t value) {
  return guard([&] { as_tensor(handle).set_requires_grad(value != 0); });
}

// A new handle to the gradient, or null.
TCLR_EXPORT int tclr_tensor_grad(void* handle, void** grad) {
  return guard([&] { *grad = new_handle(as_tensor(handle).grad()); });
}

TCLR_EXPORT int tclr_tensor_set_grad(void* handle, void* grad) {
  return guard([&] { as_tensor(handle).mutable_grad() = grad == nullptr ? at::Tensor() : as_tensor(grad); });
}

TCLR_EXPORT int tclr_backward(void* const* tensors, int32_t tensor_count, void* const* grads, int32_t grad_count,
                              int32_t retain_graph, int32_t create_graph, void* const* inputs, int32_t input_count) {
  return guard([&] {
    torch::autograd::backward(list_of(tensors, tensor_count), list_of(grads, grad_count), retain_graph != 0,
                              create_graph != 0, list_of(inputs, input_count));
  });
}

TCLR_EXPORT int32_t tclr_grad_mode() { return at::GradMode::is_enabled(); }

TCLR_EXPORT void tclr_set_grad_mode(int32_t enabled) { at::GradMode::set_enabled(enabled != 0); }
