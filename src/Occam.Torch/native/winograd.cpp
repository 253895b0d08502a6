#include "winograd.h"

#include <ATen/Parallel.h>

#include <algorithm>

#include "scratch.h"
#include "vectors.h"

namespace occam {

namespace {

constexpr int64_t kFewestChannels = 32;
// How many times fewer multiplications are worth the transforms.
constexpr double kLeastGain = 1.6;
// Squares of an image, and of all, that make up for the transforms of windows which serve once.
constexpr int64_t kFewestSquares = 16;
constexpr int64_t kFewestInAll = 64;
constexpr int64_t kWindow = 3;
constexpr int64_t kLongestSum = 128;
// Numbers between the 36 planes of a block, beyond its own, so that not all planes fall to the same lines of the cache.
constexpr int64_t kSkew = 16;

int64_t squares(int64_t side) { return (side + kSquare - 1) / kSquare; }

// Squares that are transformed before they are multiplied. Where the windows' transforms are larger than a cache they are read once
// for each block, and blocks are larger.
int64_t block_size(int64_t channels, int64_t count) {
  const auto least = 3 * kMostRows, wanted = std::max<int64_t>(least, channels * 3 / 16);
  const auto by_thread = (count + at::get_num_threads() - 1) / at::get_num_threads();
  return std::max<int64_t>(1, std::min(wanted, by_thread));
}

void multiply_block(int64_t rows, int64_t count, const float* a, const float* panel, float* c, int64_t c_stride, int64_t columns) {
  for (int64_t from = 0; from < count; from += kLongestSum) {
    const auto taken = std::min(kLongestSum, count - from);
    for (int64_t row = 0; row < rows; row += kMostRows) {
      multiply(std::min(kMostRows, rows - row), taken, a + row * count + from, count, panel + from * kPanel, nullptr, c + row * c_stride,
               c_stride, columns, from > 0);
    }
  }
}

template <typename T>
void run(const T* gradient, const Image& image, int64_t batch, const float* windows, const float* offset, int64_t inputs, T* result) {
  const auto across = squares(image.width), of_image = squares(image.height) * across, count = batch * of_image;
  const Image made{image.height, image.width, inputs};
  const auto size = block_size(std::max(image.channels, inputs), count), blocks = (count + size - 1) / size;
  const auto panels = (inputs + kPanel - 1) / kPanel;
  const auto from_plane = size * image.channels + kSkew, to_plane = size * inputs + kSkew;
  const auto pixels = image.height * image.width;
  at::parallel_for(0, blocks, 1, [&](int64_t begin, int64_t end) {
    thread_local Scratch from_memory, to_memory;
    const auto from = from_memory.take<float>(kTransformed * from_plane), to = to_memory.take<float>(kTransformed * to_plane);
    for (auto block = begin; block < end; ++block) {
      const auto first = block * size, rows = std::min(size, count - first);
      const auto each = [&](const auto& body) {
        for (int64_t i = 0; i < rows; ++i) {
          const auto square = (first + i) % of_image;
          body(i, (first + i) / of_image, square / across * kSquare, square % across * kSquare);
        }
      };
      each([&](int64_t i, int64_t example, int64_t top, int64_t left) {
        transform_square(image, gradient + example * pixels * image.channels, top, left, from + i * image.channels, from_plane);
      });
      for (int64_t plane = 0; plane < kTransformed; ++plane) {
        for (int64_t panel = 0; panel < panels; ++panel) {
          multiply_block(rows, image.channels, from + plane * from_plane, windows + (plane * panels + panel) * image.channels * kPanel,
                         to + plane * to_plane + panel * kPanel, inputs, inputs - panel * kPanel);
        }
      }
      each([&](int64_t i, int64_t example, int64_t top, int64_t left) {
        results(made, to + i * inputs, to_plane, top, left, offset, result + example * pixels * inputs);
      });
    }
  });
}

// An image of channels side by side, convolved with windows whose transforms are given, plus an offset by channel where there is one.
at::Tensor convolved(const at::Tensor& x, const at::Tensor& windows, const at::Tensor& offset, int64_t channels) {
  const auto given = x.contiguous(at::MemoryFormat::ChannelsLast);
  const Image image{given.size(2), given.size(3), given.size(1)};
  auto result = at::empty({given.size(0), channels, image.height, image.width}, given.options(), at::MemoryFormat::ChannelsLast);
  const auto added = offset.defined() ? offset.to(at::kFloat).contiguous() : offset;
  const auto from = added.defined() ? added.data_ptr<float>() : nullptr;
  if (given.scalar_type() == at::kFloat) {
    run(given.data_ptr<float>(), image, given.size(0), windows.data_ptr<float>(), from, channels, result.data_ptr<float>());
  } else {
    run(reinterpret_cast<const uint16_t*>(given.data_ptr<at::BFloat16>()), image, given.size(0), windows.data_ptr<float>(), from, channels,
        reinterpret_cast<uint16_t*>(result.data_ptr<at::BFloat16>()));
  }
  return result;
}

// The transforms of windows (outputs × inputs × 3 × 3) that meet images of as many channels as the outputs, turned by half a circle
// or as they are.
at::Tensor transformed(const at::Tensor& weight, bool turned) {
  const auto outputs = weight.size(0), inputs = weight.size(1), panels = (inputs + kPanel - 1) / kPanel;
  const auto wide = weight.detach().to(at::kFloat).contiguous(at::MemoryFormat::ChannelsLast);
  auto windows = at::empty({kTransformed, panels, outputs, kPanel}, wide.options().memory_format(at::MemoryFormat::Contiguous));
  if (inputs % kPanel != 0) {
    windows.zero_();
  }
  const auto from = wide.data_ptr<float>();
  const auto to = windows.data_ptr<float>();
  const auto row_stride = kWindow * inputs * (turned ? -1 : 1), column_stride = inputs * (turned ? -1 : 1);
  at::parallel_for(0, outputs, 16, [&](int64_t begin, int64_t end) {
    for (auto output = begin; output < end; ++output) {
      const auto corner = from + (output * kWindow * kWindow + (turned ? kWindow * kWindow - 1 : 0)) * inputs;
      for (int64_t input = 0; input < inputs; input += kVector) {
        transform_windows(corner + input, row_stride, column_stride,
                          to + (input / kPanel * outputs + output) * kPanel + input % kPanel, panels * outputs * kPanel);
      }
    }
  });
  return windows;
}

bool is(at::IntArrayRef sizes, int64_t value) {
  return sizes.size() == 2 && sizes[0] == value && sizes[1] == value;
}

}  // namespace

bool winograd_takes(const at::Tensor& gradient, const at::Tensor& weight, at::IntArrayRef stride, at::IntArrayRef padding,
                    at::IntArrayRef dilation, int64_t groups) {
  if (!has_vectors() || !gradient.defined() || gradient.dim() != 4 || weight.dim() != 4 || groups != 1 || !is(stride, 1) || !is(padding, 1) ||
      !is(dilation, 1) || weight.size(2) != kWindow || weight.size(3) != kWindow || !gradient.device().is_cpu() ||
      gradient.scalar_type() != weight.scalar_type() ||
      (gradient.scalar_type() != at::kFloat && gradient.scalar_type() != at::kBFloat16)) {
    return false;
  }
  const auto outputs = weight.size(0), inputs = weight.size(1), height = gradient.size(2), width = gradient.size(3);
  const auto direct = static_cast<double>(height * width * kWindow * kWindow);
  return outputs % kVector == 0 && inputs % kVector == 0 && std::min(outputs, inputs) >= kFewestChannels && gradient.numel() > 0 &&
         direct >= kLeastGain * static_cast<double>(squares(height) * squares(width) * kTransformed);
}

bool winograd_pays_once(const at::Tensor& images, bool in_training) {
  const auto of_image = squares(images.size(2)) * squares(images.size(3));
  return of_image >= kFewestSquares || (in_training && images.size(0) * of_image >= kFewestInAll);
}

bool winograd_pays_first(const at::Tensor& images) {
  return images.size(0) * squares(images.size(2)) * squares(images.size(3)) >= kFewestSquares;
}

at::Tensor winograd_convolution(const at::Tensor& x, const at::Tensor& weight, const Optional<at::Tensor>& bias) {
  const at::NoGradGuard no_grad;
  return convolved(x, transformed(weight.detach().transpose(0, 1), false), bias.has_value() ? *bias : at::Tensor(), weight.size(0));
}

at::Tensor winograd_windows(const at::Tensor& weight) {
  const at::NoGradGuard no_grad;
  // The gradient meets the windows turned by half a circle.
  return transformed(weight, true);
}

at::Tensor winograd_input_gradient(const at::Tensor& gradient, const at::Tensor& windows, int64_t inputs) {
  return convolved(gradient, windows, at::Tensor(), inputs);
}

}  // namespace occam
