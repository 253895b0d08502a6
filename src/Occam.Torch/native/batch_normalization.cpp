// Batch normalization with the batch's own statistics and both of its derivatives, each in as few passes over
// memory as it needs. libtorch derives it twice by some thirty elementwise operators, which took nearly half
// the time of a step with a penalty on the network's Jacobian; and where the channels lie side by side in
// memory and are few, it is slow in the first derivative, too.
//
// With m(·) the mean over a channel's M elements, μ = m(x), s = 1/√(variance + ε), n = (x − μ)s, y = w n + b,
// p(v) = m(v n) and g the cotangent of y, the gradients are
//
//   by x:   w s (g − m(g) − n p(g))        by w:   M p(g)        by b:   M m(g)
//
// and with their cotangents u, a, c in turn, and D = m(u g) − m(u) m(g) − p(u) p(g),
//
//   by g:   w s (u − m(u) − n p(u)) + a n + c
//   by w:   M s D
//   by x:   s (a (g − m(g) − n p(g)) − w s (p(g) (u − m(u)) + p(u) (g − m(g)) + n (D − 2 p(u) p(g))))

#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include <algorithm>
#include <cmath>
#include <tuple>
#include <vector>

#include "channels.h"
#include "libtorch.h"

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// The mean and 1/√(variance + ε) of each channel, and its variance.
struct Statistics {
  std::vector<double> mean, scale, variance;
};

template <typename T>
Statistics statistics_of(const Layout& layout, const T* x, double epsilon) {
  const auto count = static_cast<double>(layout.count());
  Statistics result;
  result.mean = channel_sums<1>(layout, std::vector<double>(layout.channels, 0), x, x, x,
                                [](T v, T, T, T* sum) INLINED { sum[0] += v; });
  for (auto& mean : result.mean) {
    mean /= count;
  }
  result.variance = channel_sums<1>(layout, result.mean, x, x, x, [](T v, T, T, T* sum) INLINED { sum[0] += v * v; });
  for (auto& variance : result.variance) {
    variance /= count;
    result.scale.push_back(1 / std::sqrt(variance + epsilon));
  }
  return result;
}

Statistics statistics_in(const at::Tensor& saved) {
  const auto channels = saved.size(1);
  const auto* numbers = saved.data_ptr<double>();
  return {{numbers, numbers + channels}, {numbers + channels, numbers + 2 * channels}, {}};
}

template <typename T>
std::vector<double> numbers_in(const at::Tensor& vector) {
  const auto* numbers = vector.data_ptr<T>();
  return {numbers, numbers + vector.numel()};
}

template <typename T>
at::Tensor vector_of(const double* numbers, const at::Tensor& like) {
  auto result = at::empty(like.sizes(), like.options());
  std::transform(numbers, numbers + like.numel(), result.data_ptr<T>(), [](double number) { return static_cast<T>(number); });
  return result;
}

template <typename T>
at::Tensor normalize(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& bias, const Statistics& statistics) {
  const Layout layout(input);
  const auto x = input.contiguous(layout.format);
  const auto w = numbers_in<T>(weight), b = numbers_in<T>(bias);
  std::vector<double> numbers = statistics.mean;
  for (int64_t c = 0; c < layout.channels; ++c) {
    numbers.push_back(w[c] * statistics.scale[c]);
  }
  numbers.insert(numbers.end(), b.begin(), b.end());
  auto y = at::empty_like(x, x.options(), layout.format);
  const auto* from = x.data_ptr<T>();
  auto* to = y.data_ptr<T>();
  over_panels<T>(layout, numbers, [&](Panel panel, const T* columns) {
    const auto* v = from + panel.offset;
    write(panel, v, v, v, columns, to + panel.offset,
          [](T n, T, T, const T* number, int64_t width) INLINED { return n * number[0] + number[width]; });
  });
  return y;
}

template <typename T>
std::tuple<at::Tensor, at::Tensor, at::Tensor> gradients(const at::Tensor& cotangent, const at::Tensor& input, const at::Tensor& weight, const Statistics& statistics) {
  const Layout layout(input);
  const auto x = input.contiguous(layout.format), g = with_memory(cotangent).contiguous(layout.format);
  const auto channels = layout.channels;
  const auto* xs = x.data_ptr<T>();
  const auto* gs = g.data_ptr<T>();
  auto sums = channel_sums<2>(layout, statistics.mean, xs, gs, gs, [](T v, T d, T, T* sum) INLINED {
    sum[0] += d;
    sum[1] += d * v;
  });
  const auto w = numbers_in<T>(weight);
  const auto count = static_cast<double>(layout.count());
  std::vector<double> numbers = statistics.mean;
  numbers.resize(4 * channels);
  for (int64_t c = 0; c < channels; ++c) {
    const auto s = statistics.scale[c];
    sums[channels + c] *= s;
    numbers[channels + c] = w[c] * s;
    numbers[2 * channels + c] = -w[c] * s * s * sums[channels + c] / count;
    numbers[3 * channels + c] = -w[c] * s * sums[c] / count;
  }
  auto by_x = at::empty_like(x, x.options(), layout.format);
  auto* to = by_x.data_ptr<T>();
  over_panels<T>(layout, numbers, [&](Panel panel, const T* columns) {
    const auto o = panel.offset;
    write(panel, xs + o, gs + o, gs + o, columns, to + o, [](T v, T d, T, const T* number, int64_t width) INLINED {
      return d * number[0] + v * number[width] + number[2 * width];
    });
  });
  return {by_x, vector_of<T>(sums.data() + channels, weight), vector_of<T>(sums.data(), weight)};
}

// By the cotangent, by x and by w, from cotangents of what `gradients` gives.
template <typename T>
std::tuple<at::Tensor, at::Tensor, at::Tensor> second_gradients(
    const at::Tensor& by_x, const at::Tensor& by_weight, const at::Tensor& by_bias,
    const at::Tensor& cotangent, const at::Tensor& input, const at::Tensor& weight, const Statistics& statistics) {
  const Layout layout(input);
  const auto x = input.contiguous(layout.format), g = with_memory(cotangent).contiguous(layout.format), u = with_memory(by_x).contiguous(layout.format);
  const auto channels = layout.channels;
  const auto* xs = x.data_ptr<T>();
  const auto* gs = g.data_ptr<T>();
  const auto* us = u.data_ptr<T>();
  const auto sums = channel_sums<5>(layout, statistics.mean, xs, gs, us, [](T v, T d, T e, T* sum) INLINED {
    sum[0] += d;
    sum[1] += d * v;
    sum[2] += e;
    sum[3] += e * v;
    sum[4] += d * e;
  });
  const auto w = numbers_in<T>(weight), a = numbers_in<T>(with_memory(by_weight).contiguous()), b = numbers_in<T>(with_memory(by_bias).contiguous());
  const auto count = static_cast<double>(layout.count());
  std::vector<double> to_g = statistics.mean, to_x = statistics.mean, to_w(channels);
  to_g.resize(4 * channels);
  to_x.resize(5 * channels);
  for (int64_t c = 0; c < channels; ++c) {
    const auto s = statistics.scale[c], ws = w[c] * s;
    const auto mean_g = sums[c] / count, mean_u = sums[2 * channels + c] / count;
    const auto p_g = sums[channels + c] / count * s, p_u = sums[3 * channels + c] / count * s;
    const auto d = sums[4 * channels + c] / count - mean_u * mean_g - p_u * p_g;
    to_w[c] = count * s * d;
    to_g[channels + c] = ws;
    to_g[2 * channels + c] = (a[c] - ws * p_u) * s;
    to_g[3 * channels + c] = b[c] - ws * mean_u;
    const auto by_u = -ws * s * p_g, by_g = s * (a[c] - ws * p_u);
    to_x[channels + c] = by_u;
    to_x[2 * channels + c] = by_g;
    to_x[3 * channels + c] = s * s * (-a[c] * p_g - ws * (d - 2 * p_u * p_g));
    to_x[4 * channels + c] = -by_u * mean_u - by_g * mean_g;
  }
  auto result_g = at::empty_like(x, x.options(), layout.format), result_x = at::empty_like(x, x.options(), layout.format);
  auto* out_g = result_g.data_ptr<T>();
  auto* out_x = result_x.data_ptr<T>();
  std::vector<double> numbers = to_g;
  numbers.insert(numbers.end(), to_x.begin(), to_x.end());
  over_panels<T>(layout, numbers, [&](Panel panel, const T* columns) {
    const auto o = panel.offset;
    write(panel, xs + o, gs + o, us + o, columns, out_g + o, [](T v, T, T e, const T* number, int64_t width) INLINED {
      return e * number[0] + v * number[width] + number[2 * width];
    });
    write(panel, xs + o, gs + o, us + o, columns + 4 * panel.width, out_x + o, [](T v, T d, T e, const T* number, int64_t width) INLINED {
      return e * number[0] + d * number[width] + v * number[2 * width] + number[3 * width];
    });
  });
  return {result_g, result_x, vector_of<T>(to_w.data(), weight)};
}

// The same second derivatives by operators that can be derived again. They are taken by aliases: where the cotangent
// itself was made from the input, the way through it is not this function's part.
variable_list derivable_second_gradients(const variable_list& cotangents, const at::Tensor& cotangent, const at::Tensor& input, const at::Tensor& scales, double epsilon) {
  const auto g = cotangent.alias(), x = input.alias(), weight = scales.alias();
  std::vector<int64_t> others(x.dim() - 1), by_channel(x.dim(), 1);
  for (int64_t i = 1; i < x.dim() - 1; ++i) {
    others[i] = i + 1;
  }
  by_channel[1] = -1;
  const auto mean = [&](const at::Tensor& v) { return v.mean(others, true); };
  const auto centred = x - mean(x);
  const auto scale = (mean(centred * centred) + epsilon).rsqrt();
  const auto n = centred * scale;
  const auto by_x = weight.reshape(by_channel) * scale * (g - mean(g) - n * mean(g * n));
  variable_list outputs, of;
  const auto add = [&](const at::Tensor& output, const at::Tensor& by) {
    if (output.requires_grad()) {
      outputs.push_back(output);
      of.push_back(by);
    }
  };
  add(by_x, cotangents[0]);
  add((g * n).sum(others), cotangents[1]);
  add(g.sum(others), cotangents[2]);
  variable_list inputs;
  for (const auto& one : {g, x, weight}) {
    if (one.requires_grad()) {
      inputs.push_back(one);
    }
  }
  const auto found = torch::autograd::grad(outputs, inputs, of, true, true, true);
  variable_list all;
  size_t next = 0;
  for (const auto& one : {g, x, weight}) {
    all.push_back(one.requires_grad() ? found[next++] : at::Tensor());
  }
  return all;
}

struct NormalizationGradient : torch::autograd::Function<NormalizationGradient> {
  static variable_list forward(AutogradContext* context, const at::Tensor& g, const at::Tensor& x, const at::Tensor& weight, const at::Tensor& statistics, double epsilon) {
    context->save_for_backward({g, x, weight, statistics});
    context->saved_data["epsilon"] = epsilon;
    const auto known = statistics_in(statistics);
    const auto [by_x, by_weight, by_bias] = x.scalar_type() == at::kDouble ? gradients<double>(g, x, weight, known) : gradients<float>(g, x, weight, known);
    return {by_x, by_weight, by_bias};
  }

  static variable_list backward(AutogradContext* context, variable_list cotangents) {
    const auto saved = context->get_saved_variables();
    const auto &g = saved[0], &x = saved[1], &weight = saved[2];
    if (at::GradMode::is_enabled()) {
      auto all = derivable_second_gradients(cotangents, g, x, weight, context->saved_data["epsilon"].toDouble());
      return {all[0], all[1], all[2], at::Tensor(), at::Tensor()};
    }

    const auto known = statistics_in(saved[3]);
    const auto [by_g, by_x, by_weight] = x.scalar_type() == at::kDouble
        ? second_gradients<double>(cotangents[0], cotangents[1], cotangents[2], g, x, weight, known)
        : second_gradients<float>(cotangents[0], cotangents[1], cotangents[2], g, x, weight, known);
    return {by_g, by_x, by_weight, at::Tensor(), at::Tensor()};
  }
};

template <typename T>
void move(const at::Tensor& running, const std::vector<double>& batch, double factor, double momentum) {
  auto* numbers = running.data_ptr<T>();
  for (size_t c = 0; c < batch.size(); ++c) {
    numbers[c] = static_cast<T>((1 - momentum) * numbers[c] + momentum * factor * batch[c]);
  }
}

template <typename T>
std::tuple<at::Tensor, Statistics> normalize_and_move(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias,
                                                      const at::Tensor& mean, const at::Tensor& variance, double momentum, double epsilon) {
  const Layout layout(x);
  const auto ordered = x.contiguous(layout.format);
  auto statistics = statistics_of(layout, ordered.data_ptr<T>(), epsilon);
  move<T>(mean, statistics.mean, 1, momentum);
  // The unbiased variance, as in PyTorch.
  move<T>(variance, statistics.variance, static_cast<double>(layout.count()) / static_cast<double>(layout.count() - 1), momentum);
  return {normalize<T>(ordered, weight, bias, statistics), std::move(statistics)};
}

struct Normalization : torch::autograd::Function<Normalization> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias,
                            const at::Tensor& mean, const at::Tensor& variance, double momentum, double epsilon) {
    auto [y, statistics] = x.scalar_type() == at::kDouble
        ? normalize_and_move<double>(x, weight, bias, mean, variance, momentum, epsilon)
        : normalize_and_move<float>(x, weight, bias, mean, variance, momentum, epsilon);
    auto known = at::empty({2, x.size(1)}, x.options().dtype(at::kDouble).memory_format(at::MemoryFormat::Contiguous));
    std::copy(statistics.mean.begin(), statistics.mean.end(), known.data_ptr<double>());
    std::copy(statistics.scale.begin(), statistics.scale.end(), known.data_ptr<double>() + x.size(1));
    context->save_for_backward({x, weight, known});
    context->saved_data["epsilon"] = epsilon;
    return y;
  }

  static variable_list backward(AutogradContext* context, variable_list cotangents) {
    const auto saved = context->get_saved_variables();
    auto all = NormalizationGradient::apply(cotangents[0], saved[0], saved[1], saved[2], context->saved_data["epsilon"].toDouble());
    return {all[0], all[1], all[2], at::Tensor(), at::Tensor(), at::Tensor(), at::Tensor()};
  }
};

// Batch normalization in training; the mean and the variance are moved in place.
at::Tensor batch_norm_training(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, at::Tensor mean, at::Tensor variance, double momentum, double epsilon) {
  const auto type = x.scalar_type();
  const auto takes = [type](const at::Tensor& v) { return v.device().is_cpu() && v.scalar_type() == type && !v._is_zerotensor() && !follows_forward_derivatives(v); };
  const auto by_channel = [&](const at::Tensor& v) { return takes(v) && v.dim() == 1 && v.size(0) == x.size(1) && v.is_contiguous(); };
  const auto ours = (type == at::kFloat || type == at::kDouble) && x.dim() >= 2 && x.numel() > 0 && takes(x) &&
      by_channel(weight) && by_channel(bias) && by_channel(mean) && by_channel(variance);
  return ours ? Normalization::apply(x, weight, bias, mean, variance, momentum, epsilon)
              : at::batch_norm(x, weight, bias, mean, variance, true, momentum, epsilon, false);
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(occam, library) {
  library.def("batch_norm_training(Tensor x, Tensor weight, Tensor bias, Tensor(a!) mean, Tensor(b!) variance, float momentum, float epsilon) -> Tensor",
              torch::dispatch(c10::DispatchKey::CompositeImplicitAutograd, TORCH_FN(batch_norm_training)));
}
