// Convolutions over channels that lie side by side in memory, and their gradients by the input, as sums of products of matrices: a
// product for each place of the window.
#pragma once

#include "libtorch.h"

namespace occam {

// Stride and padding of a convolution in two dimensions, neither dilated nor in groups.
struct Placement {
  int64_t stride[2];
  int64_t padding[2];
};

// Whether convolutions with a weight are computed so: in single precision, its channels side by side, many enough, and fixed.
bool direct_takes(const at::Tensor& x, const at::Tensor& weight, at::IntArrayRef stride, at::IntArrayRef padding, at::IntArrayRef dilation,
                  int64_t groups);

at::Tensor direct_convolution(const at::Tensor& x, const at::Tensor& weight, const Optional<at::Tensor>& bias, const Placement& placement);

// The weight as the gradient by the input needs it, which serves any number of gradients.
at::Tensor direct_windows(const at::Tensor& weight);

at::Tensor direct_input_gradient(const at::Tensor& gradient, const at::Tensor& windows, const at::Tensor& like, const at::Tensor& weight,
                                 const Placement& placement);

}  // namespace occam
