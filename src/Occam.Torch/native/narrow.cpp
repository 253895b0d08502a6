#include "narrow.h"

#include <ATen/Parallel.h>

#include <algorithm>

#include "scratch.h"
#include "vectors.h"

namespace occam {

namespace {

constexpr int64_t kMostInputs = 15;
// Rows of an image that are made at once, however many threads there are: so the sums, and their order, are always the same.
constexpr int64_t kBand = 64;
// Sums of many products are added up from shorter ones, which rounds less.
constexpr int64_t kSumAtOnce = 128;

// A convolution seen from its result: images of inputs, images of outputs, the window.
struct Narrow {
  int64_t height, width, inputs;
  int64_t high, wide, outputs;
  int64_t rows, columns;
  Placement placement;
};

const float* widened(const float* row, int64_t, Scratch&) { return row; }

const float* widened(const uint16_t* row, int64_t count, Scratch& memory) {
  const auto wide = memory.take<float>(count);
  widen(count, row, wide);
  return wide;
}

// The rows from top to bottom of an image, which are zeros so far: to each pixel's window what its outputs' slopes give there.
template <typename T>
void fill_band(const Narrow& shape, const T* gradient, const float* windows, int64_t top, int64_t bottom, float* image) {
  thread_local Scratch row_memory, product_memory;
  const auto taps = shape.rows * shape.columns * shape.inputs, panels = (taps + kPanel - 1) / kPanel, line = panels * kPanel;
  const auto products = product_memory.take<float>(kMostRows * line);
  const auto stride = shape.placement.stride[0], padding = shape.placement.padding[0];
  const auto least = top + padding - shape.rows + 1;
  const auto first = least <= 0 ? 0 : (least + stride - 1) / stride, last = std::min(shape.high - 1, (bottom - 1 + padding) / stride);
  for (auto y = first; y <= last; ++y) {
    const auto slopes = widened(gradient + y * shape.wide * shape.outputs, shape.wide * shape.outputs, row_memory);
    for (int64_t x = 0; x < shape.wide; x += kMostRows) {
      const auto pixels = std::min(kMostRows, shape.wide - x);
      for (int64_t panel = 0; panel < panels; ++panel) {
        for (int64_t sum = 0; sum < shape.outputs; sum += kSumAtOnce) {
          multiply(pixels, std::min(kSumAtOnce, shape.outputs - sum), slopes + x * shape.outputs + sum, shape.outputs,
                   windows + (panel * shape.outputs + sum) * kPanel, nullptr, products + panel * kPanel, line, kPanel, sum > 0);
        }
      }
      for (int64_t row = 0; row < shape.rows; ++row) {
        const auto met = y * stride - padding + row;
        if (met < top || met >= bottom) {
          continue;
        }
        for (int64_t pixel = 0; pixel < pixels; ++pixel) {
          const auto left = (x + pixel) * shape.placement.stride[1] - shape.placement.padding[1];
          const auto from = std::max<int64_t>(0, -left), to = std::min(shape.columns, shape.width - left);
          if (from < to) {
            add((to - from) * shape.inputs, products + pixel * line + (row * shape.columns + from) * shape.inputs,
                image + (met * shape.width + left + from) * shape.inputs);
          }
        }
      }
    }
  }
}

template <typename T>
void fill(const Narrow& shape, const T* gradient, const float* windows, int64_t batch, float* result) {
  const auto bands = (shape.height + kBand - 1) / kBand;
  at::parallel_for(0, batch * bands, 1, [&](int64_t begin, int64_t end) {
    for (auto i = begin; i < end; ++i) {
      const auto image = i / bands, top = i % bands * kBand;
      fill_band(shape, gradient + image * shape.high * shape.wide * shape.outputs, windows, top, std::min(top + kBand, shape.height),
                result + image * shape.height * shape.width * shape.inputs);
    }
  });
}

}  // namespace

bool narrow_takes(const at::Tensor& gradient, const at::Tensor& x, const at::Tensor& weight, at::IntArrayRef stride,
                  at::IntArrayRef padding, at::IntArrayRef dilation, int64_t groups) {
  return has_vectors() && gradient.defined() && gradient.dim() == 4 && weight.dim() == 4 && groups == 1 && stride.size() == 2 &&
         padding.size() == 2 && dilation.size() == 2 && dilation[0] == 1 && dilation[1] == 1 && gradient.device().is_cpu() &&
         weight.device().is_cpu() && gradient.scalar_type() == weight.scalar_type() && gradient.scalar_type() == x.scalar_type() &&
         (weight.scalar_type() == at::kFloat || weight.scalar_type() == at::kBFloat16) && gradient.numel() > 0 && x.numel() > 0 &&
         weight.size(1) <= kMostInputs && weight.size(0) > kMostInputs;
}

at::Tensor narrow_windows(const at::Tensor& weight) {
  const at::NoGradGuard no_grad;
  const auto outputs = weight.size(0), taps = weight.numel() / outputs, panels = (taps + kPanel - 1) / kPanel;
  const auto given = weight.detach().to(at::kFloat).permute({0, 2, 3, 1}).contiguous();
  auto result = at::empty({panels, outputs, kPanel}, given.options());
  for (int64_t panel = 0; panel < panels; ++panel) {
    pack(given.data_ptr<float>() + panel * kPanel, outputs, std::min(kPanel, taps - panel * kPanel), taps, 1,
         result.data_ptr<float>() + panel * outputs * kPanel);
  }
  return result;
}

at::Tensor narrow_input_gradient(const at::Tensor& gradient, const at::Tensor& windows, const at::Tensor& like, const at::Tensor& weight,
                                 const Placement& placement) {
  const at::NoGradGuard no_grad;
  const auto given = gradient.contiguous(at::MemoryFormat::ChannelsLast);
  const Narrow shape{like.size(2), like.size(3), like.size(1), given.size(2), given.size(3), given.size(1), weight.size(2), weight.size(3),
                     placement};
  auto result = at::empty(like.sizes(), given.options().dtype(at::kFloat), at::MemoryFormat::ChannelsLast).zero_();
  const auto to = result.data_ptr<float>();
  if (given.scalar_type() == at::kFloat) {
    fill(shape, given.data_ptr<float>(), windows.data_ptr<float>(), like.size(0), to);
  } else {
    fill(shape, reinterpret_cast<const uint16_t*>(given.data_ptr<at::BFloat16>()), windows.data_ptr<float>(), like.size(0), to);
  }
  return result.to(given.scalar_type());
}

}  // namespace occam
