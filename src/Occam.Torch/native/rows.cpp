// Rows of the Jacobians of dense networks: products of matrices with diagonal matrices between them, which differ by example and are
// zero in about half of their places where the network is one of ReLUs. Only what isn't multiplied by zero is multiplied.

#include <ATen/Parallel.h>
#include <torch/library.h>

#include <algorithm>
#include <string>
#include <vector>

#include "libtorch.h"
#include "scratch.h"
#include "vectors.h"

namespace {

using occam::kMostRows;
using occam::kPanel;
using occam::kVector;

// A factor's rows that are multiplied before others are, and numbers of a thread's examples that are multiplied by them: they stay
// in the cache, the former for all examples, the latter for all columns.
constexpr int64_t kRowsAtOnce = 512;
constexpr int64_t kWorkingSet = 1 << 17;

enum class What : int64_t { SquaredNorms = 0, Rows = 1, Gram = 2 };

struct Factor {
  int64_t rows;
  int64_t columns;
  std::vector<float> panels;
};

// Where a factor is multiplied: the places of one example at which the slope isn't zero.
struct Places {
  std::vector<int32_t> starts;
  int64_t count = 0;

  void find(const float* slopes, int64_t size) {
    starts.resize(size);
    count = 0;
    for (int64_t i = 0; i < size; ++i) {
      starts[count] = static_cast<int32_t>(i * kPanel);
      count += slopes[i] != 0;
    }
  }

  int64_t first_from(int64_t place) const {
    if (place <= 0) {
      return 0;
    }
    return std::lower_bound(starts.begin(), starts.begin() + count, static_cast<int32_t>(place * kPanel)) - starts.begin();
  }
};

int64_t padded(int64_t size) { return (size + kVector - 1) / kVector * kVector; }

// first diag(slopes[0]) factors[0] diag(slopes[1]) factors[1] … of each example: its squared Frobenius norm (float64), itself, or
// itself times its transpose (float64). A triangle's other half is passed over: of the first matrix the lower one, of the last
// factor the upper one.
at::Tensor chain_products(const at::Tensor& first_matrix, const std::vector<at::Tensor>& slopes, const std::vector<at::Tensor>& factors,
                          bool first_is_upper, bool last_is_lower, int64_t which) {
  TORCH_CHECK(occam::has_vectors(), "chain_products needs a processor with AVX-512");
  const auto stages = static_cast<int64_t>(slopes.size());
  TORCH_CHECK(stages > 0 && factors.size() == slopes.size(), "expected as many factors as slopes, at least one of each");
  const auto what = static_cast<What>(which);
  const auto first = first_matrix.contiguous();
  const auto rows = first.size(0), examples = slopes[0].size(0);
  TORCH_CHECK(first.scalar_type() == at::kFloat && first.dim() == 2, "expected a matrix of float32");
  std::vector<at::Tensor> diagonals;
  std::vector<Factor> packed;
  auto widest = first.size(1);
  auto width = first.size(1);
  for (int64_t stage = 0; stage < stages; ++stage) {
    const auto& factor = factors[stage];
    TORCH_CHECK(factor.scalar_type() == at::kFloat && slopes[stage].scalar_type() == at::kFloat, "expected float32");
    TORCH_CHECK(factor.dim() == 2 && factor.size(0) == width && slopes[stage].dim() == 2 && slopes[stage].size(0) == examples &&
                    slopes[stage].size(1) == width,
                "stage ", stage, " doesn't fit the one before it");
    diagonals.push_back(slopes[stage].contiguous());
    packed.push_back({width, factor.size(1), {}});
    auto& panels = packed.back().panels;
    const auto count = (factor.size(1) + kPanel - 1) / kPanel;
    panels.resize(count * width * kPanel);
    at::parallel_for(0, count, 1, [&](int64_t begin, int64_t end) {
      for (auto panel = begin; panel < end; ++panel) {
        occam::pack(factor.data_ptr<float>() + panel * kPanel * factor.stride(1), width, std::min(kPanel, factor.size(1) - panel * kPanel),
                    factor.stride(0), factor.stride(1), panels.data() + panel * width * kPanel);
      }
    });
    width = factor.size(1);
    widest = std::max(widest, width);
  }

  const auto options = first.options();
  auto result = what == What::SquaredNorms ? at::empty({examples}, options.dtype(at::kDouble))
                : what == What::Gram       ? at::empty({examples, rows, rows}, options.dtype(at::kDouble))
                                           : at::empty({examples, rows, width}, options);
  const auto stride = padded(widest);
  const auto together = std::clamp<int64_t>(kWorkingSet / (rows * std::min(stride, kRowsAtOnce)), 1, 64);
  at::parallel_for(0, examples, 1, [&](int64_t begin, int64_t end) {
    thread_local occam::Scratch narrow_memory, wide_memory;
    const auto narrow = narrow_memory.take<float>(together * rows * stride), wide = wide_memory.take<float>(together * rows * stride);
    std::vector<Places> places(together);
    for (auto start = begin; start < end; start += together) {
      const auto count = std::min(together, end - start);
      for (int64_t stage = 0; stage < stages; ++stage) {
        const auto& factor = packed[stage];
        for (int64_t e = 0; e < count; ++e) {
          const auto diagonal = diagonals[stage].data_ptr<float>() + (start + e) * factor.rows;
          places[e].find(diagonal, factor.rows);
          const auto from = stage == 0 ? first.data_ptr<float>() : wide + e * rows * stride;
          occam::compress(rows, factor.rows, from, stage == 0 ? factor.rows : stride, diagonal, narrow + e * rows * stride, stride);
        }
        const auto upper = stage == 0 && first_is_upper, lower = stage == stages - 1 && last_is_lower;
        const auto at_once = (rows + (rows + kMostRows - 1) / kMostRows - 1) / ((rows + kMostRows - 1) / kMostRows);
        for (int64_t top = 0; top < factor.rows; top += kRowsAtOnce) {
          const auto bottom = std::min(top + kRowsAtOnce, factor.rows);
          for (int64_t column = 0; column < factor.columns; column += kPanel) {
            const auto panel = factor.panels.data() + column * factor.rows;
            for (int64_t e = 0; e < count; ++e) {
              const auto end = places[e].first_from(bottom);
              for (int64_t row = 0; row < rows; row += at_once) {
                // Of a block that lies in a triangle's empty half nothing is added, but the first one writes the zeros.
                const auto begin = std::min(places[e].first_from(std::max({top, upper ? row : 0, lower ? column : 0})), end);
                if (begin < end || top == 0) {
                  occam::multiply(std::min(at_once, rows - row), end - begin, narrow + (e * rows + row) * stride + begin, stride, panel,
                                  places[e].starts.data() + begin, wide + (e * rows + row) * stride + column, stride,
                                  factor.columns - column, top > 0);
                }
              }
            }
          }
        }
      }
      for (int64_t e = 0; e < count; ++e) {
        const auto made = wide + e * rows * stride;
        if (what == What::SquaredNorms) {
          result.data_ptr<double>()[start + e] = occam::sum_of_squares(rows, width, made, stride);
        } else if (what == What::Gram) {
          occam::gram(rows, width, made, stride, result.data_ptr<double>() + (start + e) * rows * rows);
        } else {
          for (int64_t row = 0; row < rows; ++row) {
            std::copy_n(made + row * stride, width, result.data_ptr<float>() + ((start + e) * rows + row) * width);
          }
        }
      }
    }
  });
  return result;
}

// A tensor, for an operator that is called by name returns one: 1 where this processor has what the others need.
at::Tensor has_vectors() { return at::scalar_tensor(occam::has_vectors() ? 1.0 : 0.0); }

}  // namespace

TORCH_LIBRARY_FRAGMENT(occam, library) {
  library.def("has_vectors() -> Tensor", torch::dispatch(c10::DispatchKey::CompositeImplicitAutograd, TORCH_FN(has_vectors)));
  library.def("chain_products(Tensor first, Tensor[] slopes, Tensor[] factors, bool first_is_upper, bool last_is_lower, int what) -> Tensor");
  library.impl("chain_products", c10::DispatchKey::CPU, TORCH_FN(chain_products));
}
