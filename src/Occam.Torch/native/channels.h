// Tensors by channel, the second dimension, in either order of memory: sums over a channel, and values of elements
// from numbers of their channel. Sums are added up in double, in an order that does not depend on the number of threads.
#pragma once

#include <ATen/Parallel.h>

#include <algorithm>
#include <vector>

#include "libtorch.h"

#if defined(__x86_64__) && defined(__GNUC__) && defined(__GLIBC__) && !defined(__clang__)
#define FOR_EACH_PROCESSOR __attribute__((target_clones("arch=skylake-avx512", "arch=haswell", "default")))
#else
#define FOR_EACH_PROCESSOR
#endif
#define INLINED __attribute__((always_inline))

namespace {

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

}  // namespace
