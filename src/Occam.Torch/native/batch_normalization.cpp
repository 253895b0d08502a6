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
//
// Sums are added up in double, in an order that does not depend on the number of threads.

#include <ATen/Parallel.h>
#include <torch/library.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>
#include <vector>

#include "libtorch.h"

#if defined(__x86_64__) && defined(__GNUC__) && defined(__GLIBC__) && !defined(__clang__)
#define FOR_EACH_PROCESSOR __attribute__((target_clones("arch=skylake-avx512", "arch=haswell", "default")))
#else
#define FOR_EACH_PROCESSOR
#endif
#define INLINED __attribute__((always_inline))

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// Elements that fill a processor's vectors.
constexpr int64_t kLanes = 16;
constexpr int64_t kSmallPlane = 64;
constexpr int64_t kWidestRow = 1 << 15;
// Elements that a thread takes at a time.
constexpr int64_t kBlock = 1 << 14;

// Rows of equal width, one after the other in memory, each column of one channel.
struct Panel {
  int64_t offset;
  int64_t rows;
  int64_t width;
};

// How the elements of a tensor are spread over its channels.
struct Layout {
  int64_t batch;
  int64_t channels;
  int64_t space = 1;
  at::MemoryFormat format;
  // Elements of a channel that lie side by side in a row of all channels; 0 where planes are large, and a row is part of one.
  int64_t inner = 0;

  explicit Layout(const at::Tensor& x)
      : batch(x.size(0)), channels(x.size(1)),
        format(x.dim() == 4 && !x.is_contiguous() && x.is_contiguous(at::MemoryFormat::ChannelsLast)
                   ? at::MemoryFormat::ChannelsLast : at::MemoryFormat::Contiguous) {
    for (int64_t i = 2; i < x.dim(); ++i) {
      space *= x.size(i);
    }
    if (format == at::MemoryFormat::ChannelsLast) {
      inner = 1;
    } else if (space <= kSmallPlane && space * channels <= kWidestRow) {
      inner = space;
    }
  }

  int64_t count() const { return batch * space; }

  // Rows of all channels in a row of a panel: several where one is too short for a vector.
  int64_t abreast() const { return std::max<int64_t>(1, kLanes / (channels * inner)); }
  int64_t block() const { return std::max<int64_t>(abreast(), kBlock / (channels * inner)); }
  int64_t blocks() const { return (count() / inner + block() - 1) / block(); }

  // The rows of all channels in a block of them.
  template <typename Body>
  void over_rows(int64_t which, const Body& body) const {
    const auto width = channels * inner, first = which * block(), last = std::min(first + block(), count() / inner);
    const auto rows = (last - first) / abreast(), done = first + rows * abreast();
    if (rows > 0) {
      body(Panel{first * width, rows, abreast() * width});
    }
    if (done < last) {
      body(Panel{done * width, last - done, width});
    }
  }

  // A plane of one channel, in rows of its elements.
  template <typename Body>
  void over_plane(int64_t plane, const Body& body) const {
    const auto rows = space / kLanes;
    if (rows > 0) {
      body(Panel{plane * space, rows, kLanes});
    }
    if (space % kLanes != 0) {
      body(Panel{plane * space + rows * kLanes, 1, space % kLanes});
    }
  }
};

// Adds to sums[q * width + column] the q-th term of a panel's elements: some rows at a time in the tensors' own type.
template <int Sums, typename T, typename Terms>
FOR_EACH_PROCESSOR void accumulate(Panel panel, const T* __restrict x, const T* __restrict g, const T* __restrict u,
                                   const T* __restrict centre, double* __restrict sums, Terms terms) {
  constexpr int64_t kRows = 8;
  const auto width = panel.width;
  int64_t row = 0;
  for (; row + kRows <= panel.rows; row += kRows) {
    for (int64_t i = 0; i < width; ++i) {
      T added[Sums] = {};
      for (int64_t r = 0; r < kRows; ++r) {
        const auto k = (row + r) * width + i;
        terms(x[k] - centre[i], g[k], u[k], added);
      }
      for (int q = 0; q < Sums; ++q) {
        sums[q * width + i] += static_cast<double>(added[q]);
      }
    }
  }
  for (; row < panel.rows; ++row) {
    for (int64_t i = 0; i < width; ++i) {
      T added[Sums] = {};
      const auto k = row * width + i;
      terms(x[k] - centre[i], g[k], u[k], added);
      for (int q = 0; q < Sums; ++q) {
        sums[q * width + i] += static_cast<double>(added[q]);
      }
    }
  }
}

// Writes to a panel the value of its elements; the columns' first numbers are the centres, the others the value's own.
template <typename T, typename Value>
FOR_EACH_PROCESSOR void write(Panel panel, const T* __restrict x, const T* __restrict g, const T* __restrict u,
                              const T* __restrict columns, T* __restrict out, Value value) {
  const auto width = panel.width;
  for (int64_t row = 0; row < panel.rows; ++row) {
    for (int64_t i = 0; i < width; ++i) {
      const auto k = row * width + i;
      out[k] = value(x[k] - columns[i], g[k], u[k], columns + width + i, width);
    }
  }
}

// Numbers by channel for the columns of some rows of all channels, kind after kind.
template <typename T>
std::vector<T> repeated(const std::vector<double>& numbers, int64_t channels, int64_t inner, int64_t times) {
  std::vector<T> columns;
  columns.reserve(numbers.size() * inner * times);
  for (size_t kind = 0; kind < numbers.size(); kind += channels) {
    for (int64_t time = 0; time < times; ++time) {
      for (int64_t channel = 0; channel < channels; ++channel) {
        columns.insert(columns.end(), inner, static_cast<T>(numbers[kind + channel]));
      }
    }
  }
  return columns;
}

// One channel's numbers for the columns of a row of its elements, kind after kind.
template <typename T>
void fill(const std::vector<double>& numbers, int64_t channels, int64_t channel, int64_t width, std::vector<T>& columns) {
  columns.clear();
  for (size_t kind = 0; kind < numbers.size(); kind += channels) {
    columns.insert(columns.end(), width, static_cast<T>(numbers[kind + channel]));
  }
}

// Sums by channel, quantity after quantity, of terms of x less its channel's centre and of two other tensors.
template <int Sums, typename T, typename Terms>
std::vector<double> channel_sums(const Layout& layout, const std::vector<double>& centres, const T* x, const T* g, const T* u, Terms terms) {
  const auto channels = layout.channels;
  std::vector<double> total(Sums * channels, 0);
  const auto add = [&](Panel panel, const T* centre, std::vector<double>& sums) {
    sums.assign(Sums * panel.width, 0);
    accumulate<Sums>(panel, x + panel.offset, g + panel.offset, u + panel.offset, centre, sums.data(), terms);
  };
  if (layout.inner == 0) {
    at::parallel_for(0, channels, std::max<int64_t>(1, kBlock / layout.count()), [&](int64_t from, int64_t to) {
      std::vector<double> sums;
      std::vector<T> centre;
      for (auto channel = from; channel < to; ++channel) {
        centre.assign(kLanes, static_cast<T>(centres[channel]));
        for (int64_t n = 0; n < layout.batch; ++n) {
          layout.over_plane(n * channels + channel, [&](Panel panel) {
            add(panel, centre.data(), sums);
            for (size_t i = 0; i < sums.size(); ++i) {
              total[i / panel.width * channels + channel] += sums[i];
            }
          });
        }
      }
    });
    return total;
  }

  const auto centre = repeated<T>(centres, channels, layout.inner, layout.abreast());
  const auto blocks = layout.blocks();
  std::vector<double> parts(blocks * Sums * channels, 0);
  at::parallel_for(0, blocks, 1, [&](int64_t from, int64_t to) {
    std::vector<double> sums;
    for (auto block = from; block < to; ++block) {
      layout.over_rows(block, [&](Panel panel) {
        add(panel, centre.data(), sums);
        const auto* sum = sums.data();
        for (int q = 0; q < Sums; ++q) {
          auto* part = parts.data() + (block * Sums + q) * channels;
          for (int64_t row = 0; row < panel.width; row += channels * layout.inner) {
            for (int64_t channel = 0; channel < channels; ++channel) {
              for (int64_t i = 0; i < layout.inner; ++i) {
                part[channel] += *sum++;
              }
            }
          }
        }
      });
    }
  });
  for (int64_t block = 0; block < blocks; ++block) {
    for (size_t i = 0; i < total.size(); ++i) {
      total[i] += parts[block * total.size() + i];
    }
  }
  return total;
}

// Calls body(panel, columns) over the whole tensor, with the numbers of the panel's columns.
template <typename T, typename Body>
void over_panels(const Layout& layout, const std::vector<double>& numbers, const Body& body) {
  const auto channels = layout.channels;
  if (layout.inner == 0) {
    at::parallel_for(0, layout.batch * channels, std::max<int64_t>(1, kBlock / layout.space), [&](int64_t from, int64_t to) {
      std::vector<T> columns;
      for (auto plane = from; plane < to; ++plane) {
        layout.over_plane(plane, [&](Panel panel) {
          fill(numbers, channels, plane % channels, panel.width, columns);
          body(panel, columns.data());
        });
      }
    });
    return;
  }

  const auto width = channels * layout.inner;
  const auto alone = repeated<T>(numbers, channels, layout.inner, 1), abreast = repeated<T>(numbers, channels, layout.inner, layout.abreast());
  at::parallel_for(0, layout.blocks(), 1, [&](int64_t from, int64_t to) {
    for (auto block = from; block < to; ++block) {
      layout.over_rows(block, [&](Panel panel) { body(panel, (panel.width == width ? alone : abreast).data()); });
    }
  });
}

// Derivatives that are zero everywhere (those of a sign, say) come without memory behind them; a clone has it.
at::Tensor dense(const at::Tensor& tensor, at::MemoryFormat format) {
  return (tensor._is_zerotensor() ? tensor.clone() : tensor).contiguous(format);
}

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
  const auto x = input.contiguous(layout.format), g = dense(cotangent, layout.format);
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
  const auto x = input.contiguous(layout.format), g = dense(cotangent, layout.format), u = dense(by_x, layout.format);
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
  const auto w = numbers_in<T>(weight), a = numbers_in<T>(dense(by_weight, at::MemoryFormat::Contiguous)), b = numbers_in<T>(dense(by_bias, at::MemoryFormat::Contiguous));
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
