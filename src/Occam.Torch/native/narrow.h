// The gradient by the input of convolutions from few channels, such as those from the colours of an image, as a product of matrices whose
// columns are the window's places and channels together. libtorch fills up the channels to a register's width, and computes mostly zeros.
#pragma once

#include "direct.h"
#include "libtorch.h"

namespace occam {

// Whether gradients by the input are computed so: in single precision or bfloat16, from few channels to many.
bool narrow_takes(const at::Tensor& gradient, const at::Tensor& x, const at::Tensor& weight, at::IntArrayRef stride,
                  at::IntArrayRef padding, at::IntArrayRef dilation, int64_t groups);

// The weight as the gradient by the input needs it, which serves any number of gradients.
at::Tensor narrow_windows(const at::Tensor& weight);

at::Tensor narrow_input_gradient(const at::Tensor& gradient, const at::Tensor& windows, const at::Tensor& like, const at::Tensor& weight,
                                 const Placement& placement);

}  // namespace occam
