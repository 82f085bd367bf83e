// One boxed call into the dispatcher for every operator: autograd, views and version counters come with it.
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/ivalue.h>
#include <ATen/core/stack.h>

#include "shim.h"

using namespace tclr;

namespace {

// c10::optional in older versions, std::optional in newer ones.
using OptionalTensor = decltype(std::declval<const c10::IValue&>().toOptionalTensorList())::value_type;

struct Operator {
  c10::OperatorHandle handle;
};

c10::Device device_of(int64_t packed) {
  return {static_cast<c10::DeviceType>(packed >> 32), static_cast<c10::DeviceIndex>(static_cast<int32_t>(packed))};
}

// What the schema wants inside Optional[...].
c10::TypePtr bare(c10::TypePtr type) {
  while (auto optional = type->cast<c10::OptionalType>()) {
    type = optional->getElementType();
  }
  return type;
}

c10::IValue numbers_of(const Value& v, const c10::TypePtr& type) {
  auto element = type->cast<c10::ListType>() ? type->expectRef<c10::ListType>().getElementType() : type;
  bool wants_real = element->kind() == c10::TypeKind::FloatType;
  bool wants_scalar = element->kind() == c10::TypeKind::NumberType;
  if (wants_scalar) {
    c10::List<at::Scalar> list;
    for (int32_t i = 0; i < v.length; ++i) {
      list.push_back(v.kind == Kind::integers ? at::Scalar(static_cast<const int64_t*>(v.pointer)[i])
                                              : at::Scalar(static_cast<const double*>(v.pointer)[i]));
    }
    return list;
  }
  if (wants_real || v.kind == Kind::reals) {
    c10::List<double> list;
    list.reserve(v.length);
    for (int32_t i = 0; i < v.length; ++i) {
      list.push_back(v.kind == Kind::integers ? static_cast<double>(static_cast<const int64_t*>(v.pointer)[i])
                                              : static_cast<const double*>(v.pointer)[i]);
    }
    return list;
  }
  c10::List<int64_t> list;
  list.reserve(v.length);
  for (int32_t i = 0; i < v.length; ++i) {
    list.push_back(static_cast<const int64_t*>(v.pointer)[i]);
  }
  return list;
}

c10::IValue tensors_of(const Value& v, bool optional) {
  auto handles = static_cast<void* const*>(v.pointer);
  if (optional) {
    c10::List<OptionalTensor> list;
    for (int32_t i = 0; i < v.length; ++i) {
      list.push_back(handles[i] == nullptr ? OptionalTensor() : as_tensor(handles[i]));
    }
    return list;
  }
  c10::List<at::Tensor> list;
  list.reserve(v.length);
  for (int32_t i = 0; i < v.length; ++i) {
    list.push_back(as_tensor(handles[i]));
  }
  return list;
}

c10::IValue argument_of(const Value& v, const c10::Argument& argument) {
  switch (v.kind) {
    case Kind::none:
      return {};
    case Kind::tensor:
      return as_tensor(v.pointer);
    case Kind::integer:
      return bare(argument.type())->kind() == c10::TypeKind::FloatType ? c10::IValue(static_cast<double>(v.integer))
                                                                     : c10::IValue(v.integer);
    case Kind::real:
      return v.real;
    case Kind::boolean:
      return v.integer != 0;
    case Kind::text:
      return std::string(static_cast<const char*>(v.pointer), v.length);
    case Kind::device:
      return device_of(v.integer);
    case Kind::integers:
    case Kind::reals:
      return numbers_of(v, bare(argument.type()));
    case Kind::booleans: {
      c10::List<bool> list;
      for (int32_t i = 0; i < v.length; ++i) {
        list.push_back(static_cast<const uint8_t*>(v.pointer)[i] != 0);
      }
      return list;
    }
    case Kind::tensors:
      return tensors_of(v, false);
    case Kind::optional_tensors:
      return tensors_of(v, true);
    case Kind::schema_default:
      break;
  }
  auto value = argument.default_value();
  TORCH_CHECK(value.has_value(), "argument '", argument.name(), "' has no default");
  return *value;
}

Value value_of(const c10::IValue& result) {
  Value v{};
  if (result.isNone()) {
    v.kind = Kind::none;
  } else if (result.isTensor()) {
    return result_of(result.toTensor());
  } else if (result.isBool()) {
    v.kind = Kind::boolean;
    v.integer = result.toBool();
  } else if (result.isInt()) {
    v.kind = Kind::integer;
    v.integer = result.toInt();
  } else if (result.isDouble()) {
    v.kind = Kind::real;
    v.real = result.toDouble();
  } else if (result.isTensorList()) {
    auto list = result.toTensorVector();
    auto handles = new void*[list.size()];
    for (size_t i = 0; i < list.size(); ++i) {
      handles[i] = new_handle(std::move(list[i]));
    }
    v.kind = Kind::tensors;
    v.length = static_cast<int32_t>(list.size());
    v.pointer = handles;
  } else {
    TORCH_CHECK(false, "a result of type ", result.tagKind(), " is not supported");
  }
  return v;
}

}  // namespace

namespace tclr {

Value result_of(at::Tensor tensor) {
  Value v{};
  if (!tensor.defined()) {
    return v;
  }
  v.kind = Kind::tensor;
  if (tensor.has_storage() && tensor.storage().use_count() == 1) {
    v.length = static_cast<int32_t>(std::min<size_t>(tensor.storage().nbytes() >> 10, INT32_MAX));
  }
  v.pointer = new at::Tensor(std::move(tensor));
  return v;
}

}  // namespace tclr

// Looks an operator up, for instance ("aten::add", "Tensor"). The result lives as long as the process; null if libtorch
// has no such operator.
TCLR_EXPORT int tclr_operator_find(const char* name, const char* overload, void** op) {
  return guard([&] {
    *op = nullptr;
    if (auto found = c10::Dispatcher::singleton().findSchema({name, overload})) {
      *op = new Operator{*found};
    }
  });
}

// Calls an operator. Missing trailing arguments come from its schema. Results are new handles for the caller; a list of
// tensors comes as an array to be released with tclr_array_release.
TCLR_EXPORT int tclr_operator_call(const void* op, const Value* arguments, int32_t count, Value* results,
                                   int32_t capacity, int32_t* result_count) {
  return guard([&] {
    *result_count = 0;
    const auto& handle = static_cast<const Operator*>(op)->handle;
    const auto& schema = handle.schema();
    const auto& wanted = schema.arguments();
    TORCH_CHECK(static_cast<size_t>(count) <= wanted.size(), schema.name(), " takes ", wanted.size(),
                " arguments, got ", count);
    TORCH_CHECK(schema.returns().size() <= static_cast<size_t>(capacity), schema.name(), " gives more results than ", capacity);
    torch::jit::Stack stack;
    stack.reserve(wanted.size());
    for (size_t i = 0; i < wanted.size(); ++i) {
      static constexpr Value missing{Kind::schema_default, 0, {0}};
      stack.push_back(argument_of(i < static_cast<size_t>(count) ? arguments[i] : missing, wanted[i]));
    }
    handle.callBoxed(&stack);
    for (auto& result : stack) {
      results[*result_count] = value_of(result);
      ++*result_count;
    }
  });
}

// Releases the array of a list of tensors, not the tensors.
TCLR_EXPORT void tclr_array_release(void* array) { delete[] static_cast<void**>(array); }
