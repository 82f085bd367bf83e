// The C interface between libtorch and the managed side: a generic operator call, tensors, backward, runtime settings.
// No C++ exception crosses it: every export returns 0, or 1 with the message in tclr_last_error().
#pragma once

#include <cstdint>
#include <string>

#include <ATen/ATen.h>

#define TCLR_EXPORT extern "C" __attribute__((visibility("default")))

namespace tclr {

// Kinds of a value; the managed enum ValueKind is its twin.
enum class Kind : int32_t {
  none = 0,             // None, or an undefined tensor
  schema_default = 1,   // the default that the operator's schema names
  tensor = 2,           // payload: at::Tensor*
  integer = 3,          // also dtype, layout, memory format
  real = 4,
  boolean = 5,
  text = 6,             // payload: UTF-8, length bytes
  device = 7,           // payload: type << 32 | (uint32) index
  integers = 8,         // payload: int64_t*
  reals = 9,            // payload: double*
  booleans = 10,        // payload: uint8_t*
  tensors = 11,         // payload: at::Tensor**; none of them null
  optional_tensors = 12 // payload: at::Tensor**; null is None
};

struct Value {
  Kind kind;
  int32_t length;  // elements of a list; of a tensor result: KiB of memory that it alone holds
  union {
    int64_t integer;
    double real;
    void* pointer;
  };
};

static_assert(sizeof(Value) == 16);

void set_error(const char* message);

// Runs an export's body so that any exception becomes a status.
template <typename Body>
int guard(Body&& body) noexcept {
  try {
    body();
    return 0;
  } catch (const c10::Error& e) {
    set_error(e.what_without_backtrace());
  } catch (const std::exception& e) {
    set_error(e.what());
  } catch (...) {
    set_error("an unknown exception was thrown in native code");
  }
  return 1;
}

inline at::Tensor& as_tensor(void* handle) {
  TORCH_CHECK(handle != nullptr, "a tensor handle is null");
  return *static_cast<at::Tensor*>(handle);
}

// A new handle, or null for an undefined tensor.
inline at::Tensor* new_handle(at::Tensor tensor) {
  return tensor.defined() ? new at::Tensor(std::move(tensor)) : nullptr;
}

Value result_of(at::Tensor tensor);

}  // namespace tclr
