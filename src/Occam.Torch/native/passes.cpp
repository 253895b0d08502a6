// Layers whose reverse pass is taken many times over one recorded forward pass, as Jacobians are: what the passes share is made once.
// Each is libtorch's own where derivatives are recorded again, carried forward, or wanted of the weights.

#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include <algorithm>
#include <string>

#include "libtorch.h"
#include "vectors.h"

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;

using occam::kMostRows;
using occam::kPanel;

// Rows of the left matrix that are multiplied by one panel after the other, and rows of the panels at once: both stay in the cache.
constexpr int64_t kRowsAtOnce = 10 * kMostRows;
constexpr int64_t kLongestSum = 384;
// Fewer rows, columns or products of a row aren't worth it.
constexpr int64_t kFewest = 16;

at::Tensor packed(const at::Tensor& matrix) {
  const auto rows = matrix.size(0), columns = matrix.size(1), panels = (columns + kPanel - 1) / kPanel;
  auto result = at::empty({panels, rows, kPanel}, matrix.options());
  at::parallel_for(0, panels, 8, [&](int64_t begin, int64_t end) {
    for (auto panel = begin; panel < end; ++panel) {
      occam::pack(matrix.data_ptr<float>() + panel * kPanel * matrix.stride(1), rows, std::min(kPanel, columns - panel * kPanel),
                  matrix.stride(0), matrix.stride(1), result.data_ptr<float>() + panel * rows * kPanel);
    }
  });
  return result;
}

// a times the matrix whose panels are given.
at::Tensor times(const at::Tensor& a, const at::Tensor& panels, int64_t columns) {
  const auto left = a.contiguous();
  const auto count = panels.size(1), rows = left.numel() / count;
  auto sizes = left.sizes().vec();
  sizes.back() = columns;
  auto result = at::empty(sizes, left.options());
  const auto from = left.data_ptr<float>(), right = panels.data_ptr<float>();
  const auto to = result.data_ptr<float>();
  at::parallel_for(0, (rows + kMostRows - 1) / kMostRows, 1, [&](int64_t begin, int64_t end) {
    const auto last = std::min(end * kMostRows, rows);
    for (auto top = begin * kMostRows; top < last; top += kRowsAtOnce) {
      const auto bottom = std::min(top + kRowsAtOnce, last);
      for (int64_t first = 0; first < count; first += kLongestSum) {
        const auto taken = std::min(kLongestSum, count - first);
        for (int64_t column = 0; column < columns; column += kPanel) {
          for (auto row = top; row < bottom; row += kMostRows) {
            occam::multiply(std::min(kMostRows, bottom - row), taken, from + row * count + first, count,
                            right + column * count + first * kPanel, nullptr, to + row * columns + column, columns, columns - column,
                            first > 0);
          }
        }
      }
    }
  });
  return result;
}

struct Linear : Function<Linear> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& weight, const Optional<at::Tensor>& bias) {
    context->save_for_backward({weight});
    return at::linear(x, weight, bias);
  }

  static variable_list backward(AutogradContext* context, variable_list cotangents) {
    const auto weight = context->get_saved_variables()[0];
    const auto& g = cotangents[0];
    if (at::GradMode::is_enabled() || follows_forward_derivatives(g) || g.scalar_type() != at::kFloat ||
        g.numel() / std::max<int64_t>(g.size(-1), 1) < kFewest) {
      return {at::matmul(g, weight), at::Tensor(), at::Tensor()};
    }
    auto& panels = context->saved_data["panels"];
    if (panels.isNone()) {
      panels = packed(weight.detach());
    }
    return {times(with_memory(g), panels.toTensor(), weight.size(1)), at::Tensor(), at::Tensor()};
  }
};

bool records_only(const at::Tensor& x) {
  return at::GradMode::is_enabled() && x.requires_grad() && x.device().is_cpu() && !follows_forward_derivatives(x);
}

// x weightᵀ + bias.
at::Tensor linear(const at::Tensor& x, const at::Tensor& weight, const Optional<at::Tensor>& bias) {
  const auto is_fixed = !weight.requires_grad() && !follows_forward_derivatives(weight) &&
                        (!bias.has_value() || !bias->defined() || (!bias->requires_grad() && !follows_forward_derivatives(*bias)));
  return is_fixed && occam::has_vectors() && records_only(x) && x.dim() >= 2 && weight.dim() == 2 && x.scalar_type() == at::kFloat &&
                 weight.scalar_type() == at::kFloat && std::min(weight.size(0), weight.size(1)) >= kFewest
             ? Linear::apply(x, weight, bias)
             : at::linear(x, weight, bias);
}

struct Gelu : Function<Gelu> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const std::string& approximate) {
    context->save_for_backward({x});
    context->saved_data["approximate"] = approximate;
    return at::gelu(x, approximate);
  }

  static variable_list backward(AutogradContext* context, variable_list cotangents) {
    const auto x = context->get_saved_variables()[0];
    const auto approximate = context->saved_data["approximate"].toStringRef();
    const auto& g = cotangents[0];
    auto& data = context->saved_data;
    if (at::GradMode::is_enabled() || follows_forward_derivatives(g)) {
      return {at::gelu_backward(g, x, approximate), at::Tensor()};
    }
    // The slope is kept from the second pass on: with one pass it would cost more.
    if (data.find("passes") == data.end()) {
      data["passes"] = true;
      return {at::gelu_backward(g, x, approximate), at::Tensor()};
    }
    auto& slope = data["slope"];
    if (slope.isNone()) {
      slope = at::gelu_backward(at::ones_like(x), x, approximate);
    }
    return {g * slope.toTensor(), at::Tensor()};
  }
};

at::Tensor gelu(const at::Tensor& x, c10::string_view approximate) {
  return records_only(x) ? Gelu::apply(x, std::string(approximate)) : at::gelu(x, approximate);
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(occam, library) {
  library.def("linear(Tensor x, Tensor weight, Tensor? bias) -> Tensor",
              torch::dispatch(c10::DispatchKey::CompositeImplicitAutograd, TORCH_FN(linear)));
  library.def("gelu(Tensor x, str approximate) -> Tensor", torch::dispatch(c10::DispatchKey::CompositeImplicitAutograd, TORCH_FN(gelu)));
}
