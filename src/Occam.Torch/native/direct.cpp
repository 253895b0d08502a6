#include "direct.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <vector>

#include "vectors.h"

namespace occam {

namespace {

constexpr int64_t kFewestChannels = 16;
// Pixels that one place of the window is multiplied with before the next: its matrix stays in the cache for them.
constexpr int64_t kPixelsAtOnce = 128;
// Sums of many products are added up from shorter ones, which rounds less.
constexpr int64_t kLongestSum = 128;

struct Size {
  int64_t height;
  int64_t width;
  int64_t channels;
};

// Which pixels of a row meet which of another through one column of the window.
struct Meeting {
  int64_t to;
  int64_t to_step;
  int64_t from;
  int64_t from_step;
  int64_t count;
};

int64_t floor_divide(int64_t a, int64_t b) { return a >= 0 ? a / b : -((-a + b - 1) / b); }

// The pixels i of the wider side of a convolution, stride · j + offset = i, for which j lies in the narrower one.
std::pair<int64_t, int64_t> range(int64_t offset, int64_t stride, int64_t wide, int64_t narrow) {
  const auto first = std::max<int64_t>(0, floor_divide(-offset + stride - 1, stride));
  const auto last = std::min<int64_t>(narrow - 1, floor_divide(wide - 1 - offset, stride));
  return {first, std::max<int64_t>(0, last - first + 1)};
}

// The weight's matrix at each place of the window, in panels: inputs × outputs, or outputs × inputs for the gradient.
at::Tensor windows_of(const at::Tensor& weight, bool of_gradient) {
  const at::NoGradGuard no_grad;
  const auto given = weight.detach().contiguous(at::MemoryFormat::ChannelsLast);
  const auto outputs = weight.size(0), inputs = weight.size(1), places = weight.size(2) * weight.size(3);
  const auto rows = of_gradient ? outputs : inputs, columns = of_gradient ? inputs : outputs, panels = (columns + kPanel - 1) / kPanel;
  auto result = at::empty({places, panels, rows, kPanel}, given.options().memory_format(at::MemoryFormat::Contiguous));
  const auto row_stride = of_gradient ? places * inputs : 1, column_stride = of_gradient ? 1 : places * inputs;
  at::parallel_for(0, places * panels, 1, [&](int64_t begin, int64_t end) {
    for (auto i = begin; i < end; ++i) {
      const auto place = i / panels, column = i % panels * kPanel;
      pack(given.data_ptr<float>() + place * inputs + column * column_stride, rows, std::min(kPanel, columns - column), row_stride,
           column_stride, result.data_ptr<float>() + i * rows * kPanel);
    }
  });
  return result;
}

// y = bias + Σ over places of the window. row_of gives the row that a row of the result meets through a row of the window, or −1.
template <typename RowOf>
void run(const float* x, const Size& from, int64_t batch, const float* windows, const float* bias, float* y, const Size& to, int64_t rows,
         const std::vector<Meeting>& meetings, const RowOf& row_of) {
  const auto columns = static_cast<int64_t>(meetings.size()), panels = (to.channels + kPanel - 1) / kPanel;
  const auto at_once = std::max<int64_t>(1, kPixelsAtOnce / to.width), lines = batch * to.height;
  at::parallel_for(0, (lines + at_once - 1) / at_once, 1, [&](int64_t begin, int64_t end) {
    for (auto group = begin; group < end; ++group) {
      const auto first = group * at_once, last = std::min(first + at_once, lines);
      for (auto pixel = first * to.width; pixel < last * to.width; ++pixel) {
        if (bias != nullptr) {
          std::copy_n(bias, to.channels, y + pixel * to.channels);
        } else {
          std::fill_n(y + pixel * to.channels, to.channels, 0.0f);
        }
      }
      for (int64_t panel = 0; panel < panels; ++panel) {
        for (int64_t place = 0; place < rows * columns; ++place) {
          const auto& meeting = meetings[place % columns];
          const auto blocks = (meeting.count + kMostRows - 1) / kMostRows;
          const auto size = blocks > 0 ? (meeting.count + blocks - 1) / blocks : 1;
          for (int64_t sum = 0; sum < from.channels; sum += kLongestSum) {
            const auto window = windows + ((place * panels + panel) * from.channels + sum) * kPanel;
            for (auto line = first; line < last; ++line) {
              const auto row = row_of(line % to.height, place / columns);
              if (row < 0) {
                continue;
              }
              const auto a = x + ((line / to.height * from.height + row) * from.width + meeting.from) * from.channels + sum;
              const auto c = y + (line * to.width + meeting.to) * to.channels + panel * kPanel;
              for (int64_t i = 0; i < meeting.count; i += size) {
                multiply(std::min(size, meeting.count - i), std::min(kLongestSum, from.channels - sum),
                         a + i * meeting.from_step * from.channels, meeting.from_step * from.channels, window, nullptr,
                         c + i * meeting.to_step * to.channels, meeting.to_step * to.channels, to.channels - panel * kPanel, true);
              }
            }
          }
        }
      }
    }
  });
}

}  // namespace

bool direct_takes(const at::Tensor& x, const at::Tensor& weight, at::IntArrayRef stride, at::IntArrayRef padding, at::IntArrayRef dilation,
                  int64_t groups) {
  return has_vectors() && x.dim() == 4 && weight.dim() == 4 && groups == 1 && stride.size() == 2 && padding.size() == 2 &&
         dilation.size() == 2 && dilation[0] == 1 && dilation[1] == 1 && x.device().is_cpu() && x.scalar_type() == at::kFloat &&
         weight.scalar_type() == at::kFloat && !weight.requires_grad() && x.numel() > 0 &&
         std::min(weight.size(0), weight.size(1)) >= kFewestChannels &&
         (weight.size(2) * weight.size(3) == 1 ? x.is_contiguous(at::MemoryFormat::ChannelsLast)
                                               : weight.is_contiguous(at::MemoryFormat::ChannelsLast) && !weight.is_contiguous()) &&
         x.size(2) + 2 * padding[0] >= weight.size(2) && x.size(3) + 2 * padding[1] >= weight.size(3);
}

at::Tensor direct_convolution(const at::Tensor& x, const at::Tensor& weight, const Optional<at::Tensor>& bias, const Placement& placement) {
  const at::NoGradGuard no_grad;
  const auto given = x.contiguous(at::MemoryFormat::ChannelsLast), windows = windows_of(weight, false);
  const Size from{x.size(2), x.size(3), x.size(1)};
  const auto rows = weight.size(2), columns = weight.size(3);
  const Size to{(from.height + 2 * placement.padding[0] - rows) / placement.stride[0] + 1,
                (from.width + 2 * placement.padding[1] - columns) / placement.stride[1] + 1, weight.size(0)};
  auto result = at::empty({x.size(0), to.channels, to.height, to.width}, given.options(), at::MemoryFormat::ChannelsLast);
  const auto offset = bias.has_value() && bias->defined() ? bias->contiguous() : at::Tensor();
  std::vector<Meeting> meetings;
  for (int64_t column = 0; column < columns; ++column) {
    const auto [first, count] = range(column - placement.padding[1], placement.stride[1], from.width, to.width);
    meetings.push_back({first, 1, first * placement.stride[1] + column - placement.padding[1], placement.stride[1], count});
  }
  run(given.data_ptr<float>(), from, x.size(0), windows.data_ptr<float>(), offset.defined() ? offset.data_ptr<float>() : nullptr,
      result.data_ptr<float>(), to, rows, meetings, [&](int64_t line, int64_t row) {
        const auto met = line * placement.stride[0] - placement.padding[0] + row;
        return met >= 0 && met < from.height ? met : -1;
      });
  return result;
}

at::Tensor direct_windows(const at::Tensor& weight) { return windows_of(weight, true); }

at::Tensor direct_input_gradient(const at::Tensor& gradient, const at::Tensor& windows, const at::Tensor& like, const at::Tensor& weight,
                                 const Placement& placement) {
  const at::NoGradGuard no_grad;
  const auto given = gradient.contiguous(at::MemoryFormat::ChannelsLast);
  const Size from{given.size(2), given.size(3), given.size(1)}, to{like.size(2), like.size(3), like.size(1)};
  auto result = at::empty(like.sizes(), given.options(), at::MemoryFormat::ChannelsLast);
  std::vector<Meeting> meetings;
  for (int64_t column = 0; column < weight.size(3); ++column) {
    const auto [first, count] = range(column - placement.padding[1], placement.stride[1], to.width, from.width);
    meetings.push_back({first * placement.stride[1] + column - placement.padding[1], placement.stride[1], first, 1, count});
  }
  run(given.data_ptr<float>(), from, given.size(0), windows.data_ptr<float>(), nullptr, result.data_ptr<float>(), to, weight.size(2), meetings,
      [&](int64_t line, int64_t row) {
        const auto met = line + placement.padding[0] - row;
        return met >= 0 && met % placement.stride[0] == 0 && met / placement.stride[0] < from.height ? met / placement.stride[0] : -1;
      });
  return result;
}

}  // namespace occam
