// A convolution with 3×3 windows, and its gradient by its input, by Winograd's F(4×4, 3×3): a quarter of the multiplications.
#pragma once

#include "libtorch.h"

namespace occam {

// Whether it can be taken so, and is worth it: windows of 3×3, one apart, in images of enough channels, on a processor that has
// what it takes.
bool winograd_takes(const at::Tensor& gradient, const at::Tensor& weight, at::IntArrayRef stride, at::IntArrayRef padding,
                    at::IntArrayRef dilation, int64_t groups);

// Whether it is worth it even where the windows' transforms serve once. Where weights are fixed that depends on an image's size alone, so
// that what an example gives doesn't depend on how many there are; in training, on all images.
bool winograd_pays_once(const at::Tensor& images, bool in_training);

// Whether it is worth it at the first of several gradients, or the only one: what the windows' transforms cost, so many images save.
bool winograd_pays_first(const at::Tensor& images);

// The convolution itself, whose arguments were found to be taken.
at::Tensor winograd_convolution(const at::Tensor& x, const at::Tensor& weight, const Optional<at::Tensor>& bias);

// The windows' transforms for gradients by the input, of which they serve any number.
at::Tensor winograd_windows(const at::Tensor& weight);

// The gradient by the input, channels side by side in memory, as those of the given gradient by the output are taken to be.
at::Tensor winograd_input_gradient(const at::Tensor& gradient, const at::Tensor& windows, int64_t inputs);

}  // namespace occam
