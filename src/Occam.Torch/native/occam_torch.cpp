// The C ABI between .NET and libtorch.
//
// Operators are called through libtorch's dispatcher by their registered name ("aten::conv2d"), so
// this file needs no line per operator: arguments arrive as tagged values, are converted to what
// the operator's own schema asks for, and arguments that the caller leaves out take the schema's
// defaults. That is also why it compiles unchanged against libtorch 1.13 and 2.x, whose signatures
// differ in details that the schema tells.
//
// Every function returns 0, or, after storing a message that occam_last_error() gives, 1, and 2 where memory was refused.

#include <torch/cuda.h>
#include <torch/script.h>

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <c10/core/GradMode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/forward_grad.h>

#include <dlfcn.h>
#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "libtorch.h"
#include "memory.h"

#define OCCAM_API extern "C" __attribute__((visibility("default")))

namespace {

thread_local std::string last_error;

// Tensors of a megabyte come and go by the thousand. glibc would hand their pages back to the system each
// time, to be faulted in and cleared again: a sixth of the time of a dense network's Jacobian.
#if defined(__GLIBC__)
const bool keeps_pages = [] {
  constexpr int kLargestThreshold = 32 << 20;
  constexpr int kKept = 512 << 20;
  return mallopt(M_MMAP_THRESHOLD, kLargestThreshold) != 0 && mallopt(M_TRIM_THRESHOLD, kKept) != 0;
}();
#endif

// The first line, or of what TorchScript says the one that tells why: before it stands the place in the program.
std::string told(const std::string& text) {
  static const std::string why = "RuntimeError: ";
  const auto begin = text.rfind('\n' + why);
  if (begin == std::string::npos) return text.substr(0, text.find('\n'));
  const auto from = begin + 1 + why.size();
  return text.substr(from, text.find('\n', from) - from);
}

template <typename Body>
int guarded(Body&& body) {
  memory_was_refused();
  try {
    body();
    return 0;
  } catch (const c10::Error& e) {
    last_error = told(e.what_without_backtrace());
  } catch (const OverBudget& e) {
    last_error = e.what();
  } catch (const std::bad_alloc&) {
    last_error = "out of memory";
  } catch (const std::exception& e) {
    last_error = told(e.what());
  } catch (...) {
    last_error = "unknown error in libtorch";
  }
  return memory_was_refused() ? 2 : 1;
}

enum ArgumentKind : int32_t {
  kDefault = 0,
  kNone = 1,
  kTensor = 2,
  kInt = 3,
  kDouble = 4,
  kBool = 5,
  kIntList = 6,
  kDoubleList = 7,
  kBoolList = 8,
  kTensorList = 9,
  kString = 10,
  kDevice = 11,
  kGenerator = 12,
};

struct Argument {
  int32_t kind;
  int32_t count;
  union {
    int64_t integer;
    double real;
    const void* pointer;
  };
};

struct TensorInfo {
  int32_t dtype;
  int32_t dimensions;
  int64_t elements;
  int32_t device_type;
  int32_t device_index;
  int32_t requires_grad;
  int32_t contiguous;
};

struct Operator {
  c10::OperatorHandle handle;
  std::vector<c10::TypePtr> types;
};

const at::Tensor& tensor_of(const void* handle) { return *static_cast<const at::Tensor*>(handle); }

void* boxed(at::Tensor tensor) { return new at::Tensor(with_memory(std::move(tensor))); }

// Boxes tensors, null where one is undefined: all of them or, where one can't be boxed, none.
void hand_over(const std::vector<at::Tensor>& tensors, void** results) {
  std::vector<std::unique_ptr<at::Tensor>> boxes(tensors.size());
  for (size_t i = 0; i < tensors.size(); ++i)
    if (tensors[i].defined()) boxes[i].reset(static_cast<at::Tensor*>(boxed(tensors[i])));
  for (size_t i = 0; i < tensors.size(); ++i) results[i] = boxes[i].release();
}

c10::Device device_of(int64_t packed) {
  return c10::Device(static_cast<c10::DeviceType>(packed >> 32),
                     static_cast<c10::DeviceIndex>(static_cast<int32_t>(packed & 0xffffffff)));
}

// What the schema asks for, whether or not it may be None.
c10::TypePtr required(const c10::TypePtr& type) {
  if (auto optional = type->cast<c10::OptionalType>()) return optional->getElementType();
  return type;
}

bool is_list_of_optional_tensors(const c10::TypePtr& type) {
  auto list = type->cast<c10::ListType>();
  return list && list->getElementType()->kind() == c10::TypeKind::OptionalType;
}

c10::IValue converted(const Argument& argument, const c10::TypePtr& declared) {
  const auto type = required(declared);
  switch (argument.kind) {
    case kNone:
      // An optional tensor is passed as an undefined one to some operators, None to others; the
      // dispatcher takes None for both.
      return c10::IValue();
    case kTensor:
      return tensor_of(argument.pointer);
    case kInt:
      if (type->kind() == c10::TypeKind::FloatType) return static_cast<double>(argument.integer);
      if (type->kind() == c10::TypeKind::BoolType) return argument.integer != 0;
      if (type->kind() == c10::TypeKind::ListType) return std::vector<int64_t>{argument.integer};
      return argument.integer;
    case kDouble:
      return argument.real;
    case kBool:
      return argument.integer != 0;
    case kIntList: {
      auto values = static_cast<const int64_t*>(argument.pointer);
      return std::vector<int64_t>(values, values + argument.count);
    }
    case kDoubleList: {
      auto values = static_cast<const double*>(argument.pointer);
      return std::vector<double>(values, values + argument.count);
    }
    case kBoolList: {
      auto values = static_cast<const uint8_t*>(argument.pointer);
      c10::List<bool> list;
      for (int32_t i = 0; i < argument.count; ++i) list.push_back(values[i] != 0);
      return list;
    }
    case kTensorList: {
      auto values = static_cast<void* const*>(argument.pointer);
      if (is_list_of_optional_tensors(type)) {
        c10::List<Optional<at::Tensor>> list;
        for (int32_t i = 0; i < argument.count; ++i)
          list.push_back(values[i] ? Optional<at::Tensor>(tensor_of(values[i])) : Optional<at::Tensor>());
        return list;
      }
      c10::List<at::Tensor> list;
      list.reserve(argument.count);
      for (int32_t i = 0; i < argument.count; ++i) list.push_back(tensor_of(values[i]));
      return list;
    }
    case kString:
      return std::string(static_cast<const char*>(argument.pointer), argument.count);
    case kDevice:
      return device_of(argument.integer);
    case kGenerator:
      return *static_cast<const at::Generator*>(argument.pointer);
    default:
      TORCH_CHECK(false, "unknown kind of argument: ", argument.kind);
  }
}

at::Generator new_generator(const c10::Device& device, uint64_t seed) {
  // libtorch 1.13 never frees a clone (its count of weak references begins at 0 instead of 1), so
  // that one is made only where it must be: the clone of a device's default generator is a
  // generator of that device, whatever it is, and no CUDA header is needed.
  if (device.is_cpu()) return at::detail::createCPUGenerator(seed);
  at::Generator generator = at::globalContext().defaultGenerator(device).clone();
  std::lock_guard<std::mutex> lock(generator.mutex());
  generator.set_current_seed(seed);
  return generator;
}

}  // namespace

OCCAM_API const char* occam_last_error() { return last_error.c_str(); }

// Operators

OCCAM_API int occam_operator(const char* name, const char* overload, void** result) {
  return guarded([&] {
    auto handle = c10::Dispatcher::singleton().findSchemaOrThrow(name, overload);
    std::vector<c10::TypePtr> types;
    for (const auto& argument : handle.schema().arguments()) types.push_back(argument.type());
    *result = new Operator{handle, std::move(types)};
  });
}

OCCAM_API int occam_call(const void* target, const Argument* arguments, int32_t count, void** results,
                         int32_t capacity, int32_t* produced) {
  return guarded([&] {
    const auto& op = *static_cast<const Operator*>(target);
    const auto& schema = op.handle.schema();
    const auto expected = static_cast<int32_t>(op.types.size());
    TORCH_CHECK(count <= expected, schema.name(), " takes ", expected, " arguments, not ", count);

    torch::jit::Stack stack;
    stack.reserve(expected);
    for (int32_t i = 0; i < expected; ++i) {
      if (i < count && arguments[i].kind != kDefault) {
        stack.push_back(converted(arguments[i], op.types[i]));
      } else {
        const auto& fallback = schema.arguments()[i].default_value();
        TORCH_CHECK(fallback.has_value(), schema.name(), " needs its argument '",
                    schema.arguments()[i].name(), "'");
        stack.push_back(*fallback);
      }
    }
    op.handle.callBoxed(&stack);

    int32_t filled = 0;
    auto give = [&](const at::Tensor& tensor) {
      TORCH_CHECK(filled < capacity, schema.name(), " returns more than ", capacity, " tensors");
      results[filled++] = tensor.defined() ? boxed(tensor) : nullptr;
    };
    try {
      for (const auto& value : stack) {
        if (value.isTensor()) {
          give(value.toTensor());
        } else if (value.isTensorList()) {
          for (const at::Tensor& tensor : value.toTensorVector()) give(tensor);
        } else if (!value.isNone()) {
          give(at::scalar_tensor(value.toScalar(), at::kDouble));
        }
      }
    } catch (...) {
      for (int32_t i = 0; i < filled; ++i) delete static_cast<at::Tensor*>(results[i]);
      throw;
    }
    *produced = filled;
  });
}

// Tensors

OCCAM_API void occam_tensor_free(void* tensor) { delete static_cast<at::Tensor*>(tensor); }

OCCAM_API int occam_tensor_alias(const void* tensor, void** result) {
  return guarded([&] { *result = boxed(tensor_of(tensor)); });
}

OCCAM_API int occam_tensor_info(const void* handle, TensorInfo* info) {
  return guarded([&] {
    const auto& tensor = tensor_of(handle);
    info->dtype = static_cast<int32_t>(tensor.scalar_type());
    info->dimensions = static_cast<int32_t>(tensor.dim());
    info->elements = tensor.numel();
    info->device_type = static_cast<int32_t>(tensor.device().type());
    info->device_index = tensor.device().has_index() ? tensor.device().index() : 0;
    info->requires_grad = tensor.requires_grad();
    info->contiguous = tensor.is_contiguous();
  });
}

OCCAM_API int occam_tensor_shape(const void* handle, int64_t* sizes) {
  return guarded([&] {
    const auto shape = tensor_of(handle).sizes();
    std::copy(shape.begin(), shape.end(), sizes);
  });
}

OCCAM_API int occam_tensor_data(const void* handle, void** data) {
  return guarded([&] {
    const auto& tensor = tensor_of(handle);
    TORCH_CHECK(tensor.device().is_cpu() && tensor.is_contiguous(),
                "only a contiguous tensor on the CPU gives its memory away");
    *data = tensor.data_ptr();
  });
}

OCCAM_API int occam_tensor_from_memory(void* data, const int64_t* sizes, int32_t dimensions, int32_t dtype,
                                       void (*release)(void*), void* context, void** result) {
  return guarded([&] {
    // Whether a tensor comes of it or not, the memory is let go of once.
    std::shared_ptr<void> owner(context, release);
    auto options = at::TensorOptions().dtype(static_cast<at::ScalarType>(dtype));
    const at::IntArrayRef shape(sizes, dimensions);
    const auto bytes = static_cast<int64_t>(c10::multiply_integers(shape) * options.dtype().itemsize());
    take_memory(bytes, true);
    std::shared_ptr<void> counted(nullptr, [bytes](void*) { give_memory(bytes, true); });
    *result = boxed(at::from_blob(
        data, shape,
        [owner, counted](void*) mutable {
          owner.reset();
          counted.reset();
        },
        options));
  });
}

OCCAM_API int occam_tensor_item(const void* handle, double* value) {
  return guarded([&] { *value = tensor_of(handle).item().toDouble(); });
}

OCCAM_API int occam_tensor_item_integer(const void* handle, int64_t* value) {
  return guarded([&] { *value = tensor_of(handle).item().toLong(); });
}

OCCAM_API int occam_tensor_require_grad(void* handle, int32_t required) {
  return guarded([&] { static_cast<at::Tensor*>(handle)->set_requires_grad(required != 0); });
}

// Autograd

OCCAM_API int occam_gradients(void* const* outputs, int32_t output_count, void* const* inputs, int32_t input_count,
                              void* const* cotangents, int32_t retain_graph, int32_t create_graph,
                              int32_t allow_unused, void** results) {
  return guarded([&] {
    auto list = [](void* const* handles, int32_t count) {
      std::vector<at::Tensor> tensors;
      tensors.reserve(count);
      for (int32_t i = 0; i < count; ++i) tensors.push_back(handles[i] ? tensor_of(handles[i]) : at::Tensor());
      return tensors;
    };
    const auto gradients = torch::autograd::grad(
        list(outputs, output_count), list(inputs, input_count),
        cotangents ? list(cotangents, output_count) : std::vector<at::Tensor>(), retain_graph != 0,
        create_graph != 0, allow_unused != 0);
    hand_over(gradients, results);
  });
}

// Adds the gradients to other tensors: each is let go when it has been added, so that no more than one or two are there at a time.
OCCAM_API int occam_add_gradients(void* const* outputs, int32_t output_count, void* const* inputs, int32_t input_count,
                                  void* const* cotangents, int32_t retain_graph, void* const* sums) {
  return guarded([&] {
    std::vector<at::Tensor> from, by, seeds;
    for (int32_t i = 0; i < output_count; ++i) from.push_back(tensor_of(outputs[i]));
    for (int32_t i = 0; cotangents && i < output_count; ++i) seeds.push_back(tensor_of(cotangents[i]));
    struct Lent {
      std::vector<at::Tensor>& leaves;
      ~Lent() {
        for (auto& leaf : leaves) leaf.mutable_grad().reset();
      }
    } lent{by};
    for (int32_t i = 0; i < input_count; ++i) {
      by.push_back(tensor_of(inputs[i]));
      by.back().mutable_grad() = tensor_of(sums[i]);
    }
    torch::autograd::backward(from, seeds, retain_graph != 0, /*create_graph=*/false, by);
  });
}

OCCAM_API int32_t occam_set_grad_enabled(int32_t enabled) {
  const bool before = c10::GradMode::is_enabled();
  c10::GradMode::set_enabled(enabled != 0);
  return before;
}

OCCAM_API int occam_enter_forward_ad(int64_t* level) {
  return guarded([&] { *level = static_cast<int64_t>(torch::autograd::ForwardADLevel::get_next_idx()); });
}

OCCAM_API int occam_leave_forward_ad(int64_t level) {
  return guarded([&] { torch::autograd::ForwardADLevel::release_idx(static_cast<uint64_t>(level)); });
}

// Generators, threads, devices

OCCAM_API int occam_generator(int64_t device, uint64_t seed, void** result) {
  return guarded([&] { *result = new at::Generator(new_generator(device_of(device), seed)); });
}

OCCAM_API void occam_generator_free(void* generator) { delete static_cast<at::Generator*>(generator); }

OCCAM_API int occam_generator_state(const void* generator, void** state) {
  return guarded([&] {
    auto source = *static_cast<const at::Generator*>(generator);
    std::lock_guard<std::mutex> lock(source.mutex());
    *state = boxed(source.get_state());
  });
}

OCCAM_API int occam_generator_set_state(void* generator, const void* state) {
  return guarded([&] {
    auto& target = *static_cast<at::Generator*>(generator);
    std::lock_guard<std::mutex> lock(target.mutex());
    target.set_state(tensor_of(state));
  });
}

OCCAM_API int occam_set_threads(int32_t count) {
  return guarded([&] {
    at::set_num_threads(count);
    // A BLAS with its own thread pool doesn't hear of OpenMP's setting.
    if (auto set = reinterpret_cast<void (*)(int)>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads"))) set(count);
  });
}

OCCAM_API int occam_set_threads_here(int32_t count) {
  return guarded([&] {
    // Asked first, for at its first use on a thread libtorch sets the number that holds for all.
    at::get_num_threads();
    if (auto set = reinterpret_cast<void (*)(int)>(dlsym(RTLD_DEFAULT, "omp_set_num_threads"))) set(count);
  });
}

OCCAM_API int32_t occam_threads() { return at::get_num_threads(); }

OCCAM_API int32_t occam_cuda_devices() {
  return torch::cuda::is_available() ? static_cast<int32_t>(torch::cuda::device_count()) : 0;
}

// cuDNN convolves in TF32 unless it is told not to, and nobody asked for 10 bits of significand.
[[maybe_unused]] static const bool exact_by_default = [] {
  if (at::hasCUDA()) {
    at::globalContext().setAllowTF32CuDNN(false);
  }
  return true;
}();

OCCAM_API int occam_set_tf32(int32_t allowed) {
  return guarded([&] {
    at::globalContext().setAllowTF32CuBLAS(allowed != 0);
    at::globalContext().setAllowTF32CuDNN(allowed != 0);
  });
}

OCCAM_API const char* occam_libtorch_version() { return TORCH_VERSION; }

// TorchScript

OCCAM_API int occam_script_load(const char* path, int64_t device, void** result) {
  return guarded([&] {
    auto module = torch::jit::load(path, device_of(device));
    module.eval();
    *result = new torch::jit::Module(std::move(module));
  });
}

OCCAM_API void occam_script_free(void* module) { delete static_cast<torch::jit::Module*>(module); }

OCCAM_API int occam_script_convert(void* module, int32_t dtype) {
  return guarded([&] { static_cast<torch::jit::Module*>(module)->to(static_cast<at::ScalarType>(dtype)); });
}

OCCAM_API int occam_script_forward(void* module, const void* input, void** result) {
  return guarded([&] {
    auto output = static_cast<torch::jit::Module*>(module)->forward({tensor_of(input)});
    TORCH_CHECK(output.isTensor(), "the TorchScript module returns something other than one tensor");
    *result = boxed(output.toTensor());
  });
}

OCCAM_API int occam_script_parameters(const void* module, void** results, int32_t capacity, int32_t* produced) {
  return guarded([&] {
    std::vector<at::Tensor> parameters;
    for (const at::Tensor& parameter : static_cast<const torch::jit::Module*>(module)->parameters())
      parameters.push_back(parameter);
    *produced = static_cast<int32_t>(parameters.size());
    if (*produced <= capacity) hand_over(parameters, results);
  });
}
