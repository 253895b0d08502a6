// The convolution, whose second derivative by the weight is taken as what it is, the weight's gradient of a
// convolution. libtorch takes it as a convolution of the batch's transpose with windows as large as the
// images, at a third of that speed: 30 % of the time of a step with a penalty on the network's Jacobian.

#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include <array>
#include <tuple>
#include <vector>

#include "direct.h"
#include "libtorch.h"
#include "narrow.h"
#include "winograd.h"

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;
using Sizes = std::vector<int64_t>;

struct Geometry {
  Sizes stride, padding, dilation;
  int64_t groups;

  void save(AutogradContext* context) const {
    context->saved_data["stride"] = stride;
    context->saved_data["padding"] = padding;
    context->saved_data["dilation"] = dilation;
    context->saved_data["groups"] = groups;
  }

  static Geometry saved(AutogradContext* context) {
    auto& data = context->saved_data;
    return {data["stride"].toIntVector(), data["padding"].toIntVector(), data["dilation"].toIntVector(), data["groups"].toInt()};
  }

  occam::Placement placement() const { return {{stride[0], stride[1]}, {padding[0], padding[1]}}; }

  // Whether Winograd's algorithm is taken where the weight's transform serves once: never where libtorch is to record the derivative.
  bool is_fast(const at::Tensor& image, const at::Tensor& weight) const {
    return !at::GradMode::is_enabled() && image.defined() && !follows_forward_derivatives(image) &&
           !follows_forward_derivatives(weight) && occam::winograd_takes(image, weight, stride, padding, dilation, groups) &&
           occam::winograd_pays_once(image, weight.requires_grad());
  }

  // Whether the gradient by the input is taken as one by few channels.
  bool is_narrow(const at::Tensor& g, const at::Tensor& x, const at::Tensor& weight) const {
    return !at::GradMode::is_enabled() && g.defined() && !follows_forward_derivatives(g) && !follows_forward_derivatives(weight) &&
           occam::narrow_takes(g, x, weight, stride, padding, dilation, groups);
  }

  at::Tensor narrow_gradient(const at::Tensor& g, const at::Tensor& windows, const at::Tensor& x, const at::Tensor& weight) const {
    return occam::narrow_input_gradient(with_memory(g), windows, x, weight, placement());
  }

  at::Tensor convolve(const at::Tensor& x, const at::Tensor& weight, const Optional<at::Tensor>& bias) const {
    if (is_fast(x, weight) && !(bias.has_value() && follows_forward_derivatives(*bias))) {
      return occam::winograd_convolution(with_memory(x), with_memory(weight), bias);
    }
    if (occam::direct_takes(x, weight, stride, padding, dilation, groups) && !follows_forward_derivatives(x) &&
        !(at::GradMode::is_enabled() && x.requires_grad())) {
      return occam::direct_convolution(x, weight, bias, placement());
    }
    return at::convolution(x, weight, bias, stride, padding, dilation, false, Sizes(stride.size(), 0), groups);
  }

  std::tuple<at::Tensor, at::Tensor, at::Tensor> gradients(const at::Tensor& g, const at::Tensor& x, const at::Tensor& weight, std::array<bool, 3> wanted) const {
    const Sizes bias_size = {weight.size(0)};
    const auto is_narrow = wanted[0] && this->is_narrow(g, x, weight);
    if (is_narrow || (wanted[0] && is_fast(g, weight))) {
      auto by_x = is_narrow ? narrow_gradient(g, occam::narrow_windows(with_memory(weight)), x, weight)
                            : occam::winograd_input_gradient(with_memory(g), occam::winograd_windows(with_memory(weight)), weight.size(1));
      const auto rest = wanted[1] || wanted[2]
          ? at::convolution_backward(g, x, weight, at::IntArrayRef(bias_size), stride, padding, dilation, false, Sizes(stride.size(), 0), groups,
                                     {false, wanted[1], wanted[2]})
          : std::tuple<at::Tensor, at::Tensor, at::Tensor>();
      return {std::move(by_x), std::get<1>(rest), std::get<2>(rest)};
    }
    return at::convolution_backward(g, x, weight, at::IntArrayRef(bias_size), stride, padding, dilation, false, Sizes(stride.size(), 0), groups, wanted);
  }
};

at::Tensor convolve(const at::Tensor& x, const at::Tensor& weight, const Optional<at::Tensor>& bias, const Geometry& geometry);
at::Tensor input_gradient(const at::Tensor& g, const at::Tensor& x, const at::Tensor& weight, const Geometry& geometry);
at::Tensor weight_gradient(const at::Tensor& g, const at::Tensor& x, const at::Tensor& weight, const Geometry& geometry);

// Convolution, the gradient by its input and that by its weight are bilinear, and each other's derivatives. The third
// tensor of the latter two has the result's shape, and counts for nothing else.

struct InputGradient : Function<InputGradient> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& g, const at::Tensor& weight, const at::Tensor& like, const Geometry& geometry) {
    context->save_for_backward({g, weight});
    geometry.save(context);
    return std::get<0>(geometry.gradients(g, like, weight, {true, false, false}));
  }

  static variable_list backward(AutogradContext* context, variable_list cotangents) {
    const auto saved = context->get_saved_variables();
    const auto geometry = Geometry::saved(context);
    const auto &u = cotangents[0], &g = saved[0], &weight = saved[1];
    return {context->needs_input_grad(0) ? convolve(u, weight, Optional<at::Tensor>(), geometry) : at::Tensor(),
            context->needs_input_grad(1) ? weight_gradient(g, u, weight, geometry) : at::Tensor(), at::Tensor(), at::Tensor()};
  }
};

struct WeightGradient : Function<WeightGradient> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& g, const at::Tensor& x, const at::Tensor& like, const Geometry& geometry) {
    context->save_for_backward({g, x});
    geometry.save(context);
    return std::get<1>(geometry.gradients(g, x, like, {false, true, false}));
  }

  static variable_list backward(AutogradContext* context, variable_list cotangents) {
    const auto saved = context->get_saved_variables();
    const auto geometry = Geometry::saved(context);
    const auto &u = cotangents[0], &g = saved[0], &x = saved[1];
    return {context->needs_input_grad(0) ? convolve(x, u, Optional<at::Tensor>(), geometry) : at::Tensor(),
            context->needs_input_grad(1) ? input_gradient(g, x, u, geometry) : at::Tensor(), at::Tensor(), at::Tensor()};
  }
};

struct Convolution : Function<Convolution> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& weight, const Optional<at::Tensor>& bias, const Geometry& geometry) {
    context->save_for_backward({x, weight});
    context->saved_data["bias"] = bias.has_value() && bias->defined();
    geometry.save(context);
    return geometry.convolve(x, weight, bias);
  }

  static variable_list backward(AutogradContext* context, variable_list cotangents) {
    const auto saved = context->get_saved_variables();
    const auto geometry = Geometry::saved(context);
    const auto &g = cotangents[0], &x = saved[0], &weight = saved[1];
    const std::array<bool, 3> wanted = {context->needs_input_grad(0), context->needs_input_grad(1),
                                        context->saved_data["bias"].toBool() && context->needs_input_grad(2)};
    if (!at::GradMode::is_enabled() || follows_forward_derivatives(g)) {
      if (wanted[0] && !wanted[1] && !wanted[2] && !follows_forward_derivatives(g) &&
          occam::winograd_takes(g, weight, geometry.stride, geometry.padding, geometry.dilation, geometry.groups) &&
          (context->saved_data.count("passed") > 0 || occam::winograd_pays_first(g))) {
        auto& windows = context->saved_data["windows"];
        if (windows.isNone()) {
          windows = occam::winograd_windows(weight);
        }
        return {occam::winograd_input_gradient(with_memory(g), windows.toTensor(), weight.size(1)), at::Tensor(), at::Tensor(), at::Tensor()};
      }
      if (wanted[0] && !wanted[1] && !wanted[2] && g.defined() && g.scalar_type() == at::kFloat && !follows_forward_derivatives(g) &&
          occam::direct_takes(x, weight, geometry.stride, geometry.padding, geometry.dilation, geometry.groups)) {
        auto& windows = context->saved_data["windows"];
        if (windows.isNone()) {
          windows = occam::direct_windows(weight);
        }
        return {occam::direct_input_gradient(with_memory(g), windows.toTensor(), x, weight, geometry.placement()), at::Tensor(), at::Tensor(),
                at::Tensor()};
      }
      if (wanted[0] && !wanted[1] && !wanted[2] && geometry.is_narrow(g, x, weight)) {
        auto& windows = context->saved_data["windows"];
        if (windows.isNone()) {
          windows = occam::narrow_windows(weight);
        }
        return {geometry.narrow_gradient(g, windows.toTensor(), x, weight), at::Tensor(), at::Tensor(), at::Tensor()};
      }

      context->saved_data["passed"] = true;
      const auto [by_x, by_weight, by_bias] = geometry.gradients(g, x, weight, wanted);
      return {by_x, by_weight, by_bias, at::Tensor()};
    }

    Sizes others;
    for (int64_t i = 0; i < g.dim(); ++i) {
      if (i != 1) {
        others.push_back(i);
      }
    }
    return {wanted[0] ? input_gradient(g, x, weight, geometry) : at::Tensor(), wanted[1] ? weight_gradient(g, x, weight, geometry) : at::Tensor(),
            wanted[2] ? g.sum(others) : at::Tensor(), at::Tensor()};
  }
};

at::Tensor convolve(const at::Tensor& x, const at::Tensor& weight, const Optional<at::Tensor>& bias, const Geometry& geometry) {
  return Convolution::apply(x, weight, bias, geometry);
}

at::Tensor input_gradient(const at::Tensor& g, const at::Tensor& x, const at::Tensor& weight, const Geometry& geometry) {
  return InputGradient::apply(g, weight, x.detach(), geometry);
}

at::Tensor weight_gradient(const at::Tensor& g, const at::Tensor& x, const at::Tensor& weight, const Geometry& geometry) {
  return WeightGradient::apply(g, x, weight.detach(), geometry);
}

at::Tensor convolution(const at::Tensor& x, const at::Tensor& weight, const Optional<at::Tensor>& bias, at::IntArrayRef stride,
                       at::IntArrayRef padding, at::IntArrayRef dilation, int64_t groups) {
  const Geometry geometry{stride.vec(), padding.vec(), dilation.vec(), groups};
  const auto forward = follows_forward_derivatives(x) || follows_forward_derivatives(weight) || (bias.has_value() && follows_forward_derivatives(*bias));
  return forward || !at::GradMode::is_enabled() ? geometry.convolve(x, weight, bias) : convolve(x, weight, bias, geometry);
}

// The weight's gradient of each example by itself, examples × weight. Not side by side: inside a parallel region of libtorch's oneDNN
// gives wrong numbers. On threads of their own that compute alone it doesn't.
at::Tensor example_weight_gradients(const at::Tensor& g, const at::Tensor& x, at::IntArrayRef window, at::IntArrayRef stride,
                                    at::IntArrayRef padding, at::IntArrayRef dilation, int64_t groups) {
  const Geometry geometry{stride.vec(), padding.vec(), dilation.vec(), groups};
  Sizes shape = {g.size(1), x.size(1) / groups};
  shape.insert(shape.end(), window.begin(), window.end());
  const auto weight = at::empty(shape, g.options());
  shape.insert(shape.begin(), g.size(0));
  auto result = at::empty(shape, g.options());
  at::NoGradGuard no_grad;
  for (int64_t i = 0; i < g.size(0); ++i) {
    result.select(0, i).copy_(std::get<1>(geometry.gradients(g.narrow(0, i, 1), x.narrow(0, i, 1), weight, {false, true, false})));
  }
  return result;
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(occam, library) {
  library.def("example_weight_gradients(Tensor g, Tensor x, int[] window, int[] stride, int[] padding, int[] dilation, int groups) -> Tensor",
              torch::dispatch(c10::DispatchKey::CompositeImplicitAutograd, TORCH_FN(example_weight_gradients)));
  library.def("convolution(Tensor x, Tensor weight, Tensor? bias, int[] stride, int[] padding, int[] dilation, int groups) -> Tensor",
              torch::dispatch(c10::DispatchKey::CompositeImplicitAutograd, TORCH_FN(convolution)));
}
