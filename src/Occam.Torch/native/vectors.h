// Products of matrices and Winograd's transforms in the registers of AVX-512: what the operators that call them need
// beside libtorch, whose matrix products reach a third of what these processors can. No libtorch here: the file is compiled
// for processors that have these instructions, and nothing of it may end in code that others run.
#pragma once

#include <cstdint>

namespace occam {

// Columns of a matrix that are multiplied at once.
constexpr int64_t kPanel = 32;
// Rows that are multiplied at once.
constexpr int64_t kMostRows = 12;
// Numbers in a register.
constexpr int64_t kVector = 16;

// Whether this processor has what the functions below are compiled for. None of them may be called otherwise.
bool has_vectors();

// c (rows × columns) = a (rows × count) times rows of a panel, which begin at the given elements; the first rows where none are given.
// It is added to what is there if that is asked for.
void multiply(int64_t rows, int64_t count, const float* a, int64_t a_stride, const float* panel, const int32_t* starts, float* c,
              int64_t c_stride, int64_t columns, bool adds);

// A matrix's columns in panels of 32, each panel row by row, with zeros to the right of the last column.
void pack(const float* matrix, int64_t rows, int64_t columns, int64_t row_stride, int64_t column_stride, float* panels);

// Adds numbers to others.
void add(int64_t count, const float* from, float* to);

// Numbers of bfloat16 as those of single precision.
void widen(int64_t count, const uint16_t* from, float* to);

// Of each row, the elements whose factor isn't zero, times it.
void compress(int64_t rows, int64_t columns, const float* x, int64_t x_stride, const float* factors, float* out, int64_t out_stride);

// The sum of squares of a matrix's elements.
double sum_of_squares(int64_t rows, int64_t columns, const float* x, int64_t stride);

// x xᵀ of a matrix x (rows × columns), added up in double.
void gram(int64_t rows, int64_t columns, const float* x, int64_t stride, double* out);

// Winograd's convolutions F(4×4, 3×3): squares of 6×6 numbers of one channel give 4×4 numbers of another by 36 products.
constexpr int64_t kTransformed = 36;
constexpr int64_t kSquare = 4;

// The transforms of the 3×3 windows of 16 channels side by side: 36 rows of 16, plane_stride apart.
void transform_windows(const float* windows, int64_t row_stride, int64_t column_stride, float* out, int64_t plane_stride);

// An image of channels side by side.
struct Image {
  int64_t height;
  int64_t width;
  int64_t channels;
};

// The transform of the square whose results begin at (top, left), all channels: 36 rows of channels, plane_stride apart.
// What lies outside the image is zero.
void transform_square(const Image& image, const float* x, int64_t top, int64_t left, float* out, int64_t plane_stride);
void transform_square(const Image& image, const uint16_t* x, int64_t top, int64_t left, float* out, int64_t plane_stride);

// The way back: writes those of the 4×4 results that lie in the image, with an offset by channel where one is given.
void results(const Image& image, const float* products, int64_t plane_stride, int64_t top, int64_t left, const float* offset, float* y);
void results(const Image& image, const float* products, int64_t plane_stride, int64_t top, int64_t left, const float* offset, uint16_t* y);

}  // namespace occam
