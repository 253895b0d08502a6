// The gradient by its input of a convolution with 3×3 windows, by Winograd's F(4×4, 3×3): a quarter of the multiplications.
#pragma once

#include "libtorch.h"

namespace occam {

// Whether it can be taken so, and is worth it: windows of 3×3, one apart, in images of enough channels, on a processor that has
// what it takes.
bool winograd_takes(const at::Tensor& gradient, const at::Tensor& weight, at::IntArrayRef stride, at::IntArrayRef padding,
                    at::IntArrayRef dilation, int64_t groups);

// The windows' transforms, which serve any number of gradients.
at::Tensor winograd_windows(const at::Tensor& weight);

// The gradient by the input, channels side by side in memory, as those of the given gradient by the output are taken to be.
at::Tensor winograd_input_gradient(const at::Tensor& gradient, const at::Tensor& windows, int64_t inputs);

}  // namespace occam
