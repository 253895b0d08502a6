#include "vectors.h"

#if defined(__x86_64__) && defined(__AVX512F__) && defined(__AVX512DQ__) && defined(__AVX512BW__) && defined(__FMA__)

#include <immintrin.h>

namespace occam {

namespace {

int64_t lesser(int64_t a, int64_t b) { return a < b ? a : b; }

// The first so many elements of a register.
__mmask16 first(int64_t columns) {
  return columns >= kVector ? 0xFFFF : columns <= 0 ? 0 : static_cast<__mmask16>((1u << columns) - 1);
}

template <int Rows, bool Chosen>
void tile(int64_t count, const float* a, int64_t a_stride, const float* panel, const int32_t* starts, float* c, int64_t c_stride,
          int64_t columns, bool adds) {
  const __mmask16 low = first(columns), high = first(columns - kVector);
  __m512 left[Rows], right[Rows];
#pragma GCC unroll 12
  for (int r = 0; r < Rows; ++r) {
    left[r] = right[r] = _mm512_setzero_ps();
  }
  for (int64_t k = 0; k < count; ++k) {
    const float* b = panel + (Chosen ? static_cast<int64_t>(starts[k]) : k * kPanel);
    const __m512 b0 = _mm512_loadu_ps(b), b1 = _mm512_loadu_ps(b + kVector);
#pragma GCC unroll 12
    for (int r = 0; r < Rows; ++r) {
      const __m512 value = _mm512_set1_ps(a[r * a_stride + k]);
      left[r] = _mm512_fmadd_ps(value, b0, left[r]);
      right[r] = _mm512_fmadd_ps(value, b1, right[r]);
    }
  }
  // Added at the end: sums of sums round less than one long sum.
  if (adds) {
#pragma GCC unroll 12
    for (int r = 0; r < Rows; ++r) {
      left[r] = _mm512_add_ps(left[r], _mm512_maskz_loadu_ps(low, c + r * c_stride));
      right[r] = _mm512_add_ps(right[r], _mm512_maskz_loadu_ps(high, c + r * c_stride + kVector));
    }
  }
#pragma GCC unroll 12
  for (int r = 0; r < Rows; ++r) {
    _mm512_mask_storeu_ps(c + r * c_stride, low, left[r]);
    _mm512_mask_storeu_ps(c + r * c_stride + kVector, high, right[r]);
  }
}

using Tile = void (*)(int64_t, const float*, int64_t, const float*, const int32_t*, float*, int64_t, int64_t, bool);

template <bool Chosen>
constexpr Tile kTiles[] = {tile<1, Chosen>, tile<2, Chosen>, tile<3, Chosen>, tile<4, Chosen>,  tile<5, Chosen>,  tile<6, Chosen>,
                           tile<7, Chosen>, tile<8, Chosen>, tile<9, Chosen>, tile<10, Chosen>, tile<11, Chosen>, tile<12, Chosen>};

__m512 load(const float* x) { return _mm512_loadu_ps(x); }

// bfloat16 is the upper half of a float.
__m512 load(const uint16_t* x) {
  return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(x))), 16));
}

void store(float* x, __m512 value) { _mm512_storeu_ps(x, value); }

// To the nearest, ties to even. What isn't a number stays none, in whose bits a carry could not run over otherwise.
void store(uint16_t* x, __m512 value) {
  const __m512i bits = _mm512_castps_si512(value);
  const __m512i odd = _mm512_and_si512(_mm512_srli_epi32(bits, 16), _mm512_set1_epi32(1));
  const __m512i rounded = _mm512_srli_epi32(_mm512_add_epi32(_mm512_add_epi32(bits, _mm512_set1_epi32(0x7FFF)), odd), 16);
  const __m512i none = _mm512_or_si512(_mm512_srli_epi32(bits, 16), _mm512_set1_epi32(0x40));
  const __mmask16 unordered = _mm512_cmp_ps_mask(value, value, _CMP_UNORD_Q);
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(x), _mm512_cvtepi32_epi16(_mm512_mask_blend_epi32(unordered, rounded, none)));
}

// The points of interpolation are 0, ±5/8, ±3/2 and infinity. With ±1 and ±2, which are usual, the error is 2.6 times as large; with
// numbers that a float doesn't hold it would lean to one side. All of these are exact.
constexpr float kA = 0.625f, kB = 1.5f, kA2 = kA * kA, kB2 = kB * kB, kA3 = kA2 * kA, kB3 = kB2 * kB, kSum = kA2 + kB2, kProduct = kA2 * kB2;

struct Six {
  __m512 v[6];
};

// Polynomials' coefficients to the products' factors.
__attribute__((always_inline)) inline Six factors(__m512 d0, __m512 d1, __m512 d2, __m512 d3, __m512 d4, __m512 d5) {
  const __m512 a = _mm512_set1_ps(kA), b = _mm512_set1_ps(kB), a2 = _mm512_set1_ps(kA2), b2 = _mm512_set1_ps(kB2), s = _mm512_set1_ps(kSum), p = _mm512_set1_ps(kProduct);
  const __m512 even_a = _mm512_fnmadd_ps(b2, d2, d4), odd_a = _mm512_mul_ps(a, _mm512_fnmadd_ps(b2, d1, d3));
  const __m512 even_b = _mm512_fnmadd_ps(a2, d2, d4), odd_b = _mm512_mul_ps(b, _mm512_fnmadd_ps(a2, d1, d3));
  return {{_mm512_fnmadd_ps(s, d2, _mm512_fmadd_ps(p, d0, d4)), _mm512_add_ps(even_a, odd_a), _mm512_sub_ps(even_a, odd_a),
           _mm512_add_ps(even_b, odd_b), _mm512_sub_ps(even_b, odd_b), _mm512_fnmadd_ps(s, d3, _mm512_fmadd_ps(p, d1, d5))}};
}

struct Four {
  __m512 v[4];
};

// Products to the results.
__attribute__((always_inline)) inline Four interpolated(__m512 m0, __m512 m1, __m512 m2, __m512 m3, __m512 m4, __m512 m5) {
  const __m512 sum_a = _mm512_add_ps(m1, m2), sum_b = _mm512_add_ps(m3, m4), less_a = _mm512_sub_ps(m1, m2), less_b = _mm512_sub_ps(m3, m4);
  return {{_mm512_add_ps(m0, _mm512_add_ps(sum_a, sum_b)),
           _mm512_fmadd_ps(_mm512_set1_ps(kB), less_b, _mm512_mul_ps(_mm512_set1_ps(kA), less_a)),
           _mm512_fmadd_ps(_mm512_set1_ps(kB2), sum_b, _mm512_mul_ps(_mm512_set1_ps(kA2), sum_a)),
           _mm512_add_ps(m5, _mm512_fmadd_ps(_mm512_set1_ps(kB3), less_b, _mm512_mul_ps(_mm512_set1_ps(kA3), less_a)))}};
}

template <typename T>
void transform_square_of(const Image& image, const T* x, int64_t top, int64_t left, float* out, int64_t plane_stride) {
  const bool inside = top >= 1 && left >= 1 && top + 5 <= image.height && left + 5 <= image.width;
  const int64_t row = image.width * image.channels;
  for (int64_t channel = 0; channel < image.channels; channel += kVector) {
    __m512 half[6][6];
    const T* corner = x + (top - 1) * row + (left - 1) * image.channels + channel;
#pragma GCC unroll 6
    for (int j = 0; j < 6; ++j) {
      __m512 d[6];
#pragma GCC unroll 6
      for (int i = 0; i < 6; ++i) {
        const bool there = inside || (top - 1 + i >= 0 && top - 1 + i < image.height && left - 1 + j >= 0 && left - 1 + j < image.width);
        d[i] = there ? load(corner + i * row + j * image.channels) : _mm512_setzero_ps();
      }
      const Six column = factors(d[0], d[1], d[2], d[3], d[4], d[5]);
#pragma GCC unroll 6
      for (int i = 0; i < 6; ++i) {
        half[i][j] = column.v[i];
      }
    }
#pragma GCC unroll 6
    for (int i = 0; i < 6; ++i) {
      const Six whole = factors(half[i][0], half[i][1], half[i][2], half[i][3], half[i][4], half[i][5]);
#pragma GCC unroll 6
      for (int j = 0; j < 6; ++j) {
        _mm512_storeu_ps(out + (i * 6 + j) * plane_stride + channel, whole.v[j]);
      }
    }
  }
}

template <typename T>
void results_of(const Image& image, const float* products, int64_t plane_stride, int64_t top, int64_t left, const float* offset, T* y) {
  const int64_t row = image.width * image.channels;
  const int64_t rows = lesser(kSquare, image.height - top), columns = lesser(kSquare, image.width - left);
  for (int64_t channel = 0; channel < image.channels; channel += kVector) {
    __m512 half[4][6];
#pragma GCC unroll 6
    for (int j = 0; j < 6; ++j) {
      __m512 m[6];
#pragma GCC unroll 6
      for (int i = 0; i < 6; ++i) {
        m[i] = _mm512_loadu_ps(products + (i * 6 + j) * plane_stride + channel);
      }
      const Four column = interpolated(m[0], m[1], m[2], m[3], m[4], m[5]);
#pragma GCC unroll 4
      for (int i = 0; i < 4; ++i) {
        half[i][j] = column.v[i];
      }
    }
    T* corner = y + top * row + left * image.channels + channel;
    const __m512 added = offset != nullptr ? _mm512_loadu_ps(offset + channel) : _mm512_setzero_ps();
    for (int64_t i = 0; i < rows; ++i) {
      const Four whole = interpolated(half[i][0], half[i][1], half[i][2], half[i][3], half[i][4], half[i][5]);
      for (int64_t j = 0; j < columns; ++j) {
        store(corner + i * row + j * image.channels, _mm512_add_ps(whole.v[j], added));
      }
    }
  }
}

struct SixDoubles {
  __m512d v[6];
};

// A window's coefficients to the products' other factors: in double, for a constant's error would be that of all windows.
__attribute__((always_inline)) inline SixDoubles window_factors(__m512d g0, __m512d g1, __m512d g2) {
  constexpr double kWideA = kA, kWideB = kB, kA2Wide = kWideA * kWideA, kB2Wide = kWideB * kWideB;
  const __m512d at_0 = _mm512_set1_pd(1 / (kA2Wide * kB2Wide)), at_a = _mm512_set1_pd(1 / (2 * kA2Wide * (kA2Wide - kB2Wide))),
                at_b = _mm512_set1_pd(1 / (2 * kB2Wide * (kB2Wide - kA2Wide)));
  const __m512d even_a = _mm512_fmadd_pd(_mm512_set1_pd(kA2Wide), g2, g0), odd_a = _mm512_mul_pd(_mm512_set1_pd(kWideA), g1);
  const __m512d even_b = _mm512_fmadd_pd(_mm512_set1_pd(kB2Wide), g2, g0), odd_b = _mm512_mul_pd(_mm512_set1_pd(kWideB), g1);
  return {{_mm512_mul_pd(at_0, g0), _mm512_mul_pd(at_a, _mm512_add_pd(even_a, odd_a)), _mm512_mul_pd(at_a, _mm512_sub_pd(even_a, odd_a)),
           _mm512_mul_pd(at_b, _mm512_add_pd(even_b, odd_b)), _mm512_mul_pd(at_b, _mm512_sub_pd(even_b, odd_b)), g2}};
}

}  // namespace

bool has_vectors() {
  static const bool has = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
                          __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("fma");
  return has;
}

void multiply(int64_t rows, int64_t count, const float* a, int64_t a_stride, const float* panel, const int32_t* starts, float* c,
              int64_t c_stride, int64_t columns, bool adds) {
  (starts != nullptr ? kTiles<true> : kTiles<false>)[rows - 1](count, a, a_stride, panel, starts, c, c_stride, columns, adds);
}

void pack(const float* matrix, int64_t rows, int64_t columns, int64_t row_stride, int64_t column_stride, float* panels) {
  for (int64_t column = 0; column < columns; column += kPanel) {
    const int64_t width = lesser(kPanel, columns - column);
    for (int64_t row = 0; row < rows; ++row, panels += kPanel) {
      const float* from = matrix + row * row_stride + column * column_stride;
      if (column_stride == 1 && width == kPanel) {
        _mm512_storeu_ps(panels, _mm512_loadu_ps(from));
        _mm512_storeu_ps(panels + kVector, _mm512_loadu_ps(from + kVector));
        continue;
      }
      for (int64_t i = 0; i < width; ++i) {
        panels[i] = from[i * column_stride];
      }
      for (int64_t i = width; i < kPanel; ++i) {
        panels[i] = 0;
      }
    }
  }
}

void add(int64_t count, const float* from, float* to) {
  for (int64_t i = 0; i < count; i += kVector) {
    const __mmask16 there = first(count - i);
    _mm512_mask_storeu_ps(to + i, there, _mm512_add_ps(_mm512_maskz_loadu_ps(there, to + i), _mm512_maskz_loadu_ps(there, from + i)));
  }
}

void widen(int64_t count, const uint16_t* from, float* to) {
  for (int64_t i = 0; i < count; i += kVector) {
    const __mmask16 there = first(count - i);
    const __m512i bits = _mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(there, from + i)), 16);
    _mm512_mask_storeu_ps(to + i, there, _mm512_castsi512_ps(bits));
  }
}

void compress(int64_t rows, int64_t columns, const float* x, int64_t x_stride, const float* factors, float* out, int64_t out_stride) {
  int64_t done = 0;
  for (int64_t column = 0; column < columns; column += kVector) {
    const __mmask16 there = first(columns - column);
    const __m512 factor = _mm512_maskz_loadu_ps(there, factors + column);
    const __mmask16 some = there & _mm512_cmp_ps_mask(factor, _mm512_setzero_ps(), _CMP_NEQ_UQ);
    const int64_t count = __builtin_popcount(some);
    const __mmask16 kept = first(count);
    for (int64_t row = 0; row < rows; ++row) {
      const __m512 value = _mm512_mul_ps(factor, _mm512_maskz_loadu_ps(there, x + row * x_stride + column));
      _mm512_mask_storeu_ps(out + row * out_stride + done, kept, _mm512_maskz_compress_ps(some, value));
    }
    done += count;
  }
}

double sum_of_squares(int64_t rows, int64_t columns, const float* x, int64_t stride) {
  double total = 0;
  for (int64_t row = 0; row < rows; ++row) {
    __m512 sums[4] = {_mm512_setzero_ps(), _mm512_setzero_ps(), _mm512_setzero_ps(), _mm512_setzero_ps()};
    int64_t column = 0;
    for (; column + 4 * kVector <= columns; column += 4 * kVector) {
#pragma GCC unroll 4
      for (int i = 0; i < 4; ++i) {
        const __m512 v = _mm512_loadu_ps(x + row * stride + column + i * kVector);
        sums[i] = _mm512_fmadd_ps(v, v, sums[i]);
      }
    }
    for (; column < columns; column += kVector) {
      const __m512 v = _mm512_maskz_loadu_ps(first(columns - column), x + row * stride + column);
      sums[0] = _mm512_fmadd_ps(v, v, sums[0]);
    }
    total += _mm512_reduce_add_ps(_mm512_add_ps(_mm512_add_ps(sums[0], sums[1]), _mm512_add_ps(sums[2], sums[3])));
  }
  return total;
}

void gram(int64_t rows, int64_t columns, const float* x, int64_t stride, double* out) {
  constexpr int kBlock = 4;
  constexpr int64_t kDoubles = 8;
  for (int64_t i = 0; i < rows; i += kBlock) {
    for (int64_t j = 0; j <= i; j += kBlock) {
      __m512d sums[kBlock][kBlock];
      const float* left[kBlock];
      const float* right[kBlock];
#pragma GCC unroll 4
      for (int p = 0; p < kBlock; ++p) {
        left[p] = x + lesser(i + p, rows - 1) * stride;
        right[p] = x + lesser(j + p, rows - 1) * stride;
#pragma GCC unroll 4
        for (int q = 0; q < kBlock; ++q) {
          sums[p][q] = _mm512_setzero_pd();
        }
      }
      for (int64_t column = 0; column < columns; column += kDoubles) {
        const __mmask8 there = static_cast<__mmask8>(first(lesser(columns - column, kDoubles)));
        __m512d r[kBlock];
#pragma GCC unroll 4
        for (int q = 0; q < kBlock; ++q) {
          r[q] = _mm512_cvtps_pd(_mm256_maskz_loadu_ps(there, right[q] + column));
        }
#pragma GCC unroll 4
        for (int p = 0; p < kBlock; ++p) {
          const __m512d l = _mm512_cvtps_pd(_mm256_maskz_loadu_ps(there, left[p] + column));
#pragma GCC unroll 4
          for (int q = 0; q < kBlock; ++q) {
            sums[p][q] = _mm512_fmadd_pd(l, r[q], sums[p][q]);
          }
        }
      }
      for (int p = 0; p < kBlock && i + p < rows; ++p) {
        for (int q = 0; q < kBlock && j + q < rows; ++q) {
          out[(i + p) * rows + j + q] = out[(j + q) * rows + i + p] = _mm512_reduce_add_pd(sums[p][q]);
        }
      }
    }
  }
}

void transform_windows(const float* windows, int64_t row_stride, int64_t column_stride, float* out, int64_t plane_stride) {
  constexpr int64_t kDoubles = 8;
  for (int64_t channel = 0; channel < kVector; channel += kDoubles) {
    __m512d half[6][3];
#pragma GCC unroll 3
    for (int j = 0; j < 3; ++j) {
      const float* top = windows + j * column_stride + channel;
      const SixDoubles column =
          window_factors(_mm512_cvtps_pd(_mm256_loadu_ps(top)), _mm512_cvtps_pd(_mm256_loadu_ps(top + row_stride)),
                         _mm512_cvtps_pd(_mm256_loadu_ps(top + 2 * row_stride)));
#pragma GCC unroll 6
      for (int i = 0; i < 6; ++i) {
        half[i][j] = column.v[i];
      }
    }
#pragma GCC unroll 6
    for (int i = 0; i < 6; ++i) {
      const SixDoubles whole = window_factors(half[i][0], half[i][1], half[i][2]);
#pragma GCC unroll 6
      for (int j = 0; j < 6; ++j) {
        _mm256_storeu_ps(out + (i * 6 + j) * plane_stride + channel, _mm512_cvtpd_ps(whole.v[j]));
      }
    }
  }
}

void transform_square(const Image& image, const float* x, int64_t top, int64_t left, float* out, int64_t plane_stride) {
  transform_square_of(image, x, top, left, out, plane_stride);
}

void transform_square(const Image& image, const uint16_t* x, int64_t top, int64_t left, float* out, int64_t plane_stride) {
  transform_square_of(image, x, top, left, out, plane_stride);
}

void results(const Image& image, const float* products, int64_t plane_stride, int64_t top, int64_t left, const float* offset, float* y) {
  results_of(image, products, plane_stride, top, left, offset, y);
}

void results(const Image& image, const float* products, int64_t plane_stride, int64_t top, int64_t left, const float* offset, uint16_t* y) {
  results_of(image, products, plane_stride, top, left, offset, y);
}

}  // namespace occam

#else

#include <cstdlib>

namespace occam {

bool has_vectors() { return false; }
void multiply(int64_t, int64_t, const float*, int64_t, const float*, const int32_t*, float*, int64_t, int64_t, bool) { std::abort(); }
void pack(const float*, int64_t, int64_t, int64_t, int64_t, float*) { std::abort(); }
void add(int64_t, const float*, float*) { std::abort(); }
void widen(int64_t, const uint16_t*, float*) { std::abort(); }
void compress(int64_t, int64_t, const float*, int64_t, const float*, float*, int64_t) { std::abort(); }
double sum_of_squares(int64_t, int64_t, const float*, int64_t) { std::abort(); }
void gram(int64_t, int64_t, const float*, int64_t, double*) { std::abort(); }
void transform_windows(const float*, int64_t, int64_t, float*, int64_t) { std::abort(); }
void transform_square(const Image&, const float*, int64_t, int64_t, float*, int64_t) { std::abort(); }
void transform_square(const Image&, const uint16_t*, int64_t, int64_t, float*, int64_t) { std::abort(); }
void results(const Image&, const float*, int64_t, int64_t, int64_t, const float*, float*) { std::abort(); }
void results(const Image&, const float*, int64_t, int64_t, int64_t, const float*, uint16_t*) { std::abort(); }

}  // namespace occam

#endif
