// libtorch, and what differs between its versions.
#pragma once

#include <ATen/ATen.h>
#include <torch/version.h>

#include <optional>

namespace {

// libtorch's own optional gave way to the standard's.
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 5)
template <typename T>
using Optional = std::optional<T>;
#else
template <typename T>
using Optional = c10::optional<T>;
#endif

// Whether derivatives are being carried forward through a tensor, which functions written here cannot do: libtorch's own can.
[[maybe_unused]] bool follows_forward_derivatives(const at::Tensor& tensor) { return tensor.defined() && tensor._fw_grad(/*level=*/0).defined(); }

// Derivatives that are zero everywhere (those of a sign, say) come without memory behind them; a clone has it.
[[maybe_unused]] at::Tensor with_memory(at::Tensor tensor) { return tensor._is_zerotensor() ? tensor.clone() : tensor; }

}  // namespace
