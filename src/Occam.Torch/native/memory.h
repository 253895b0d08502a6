// What a process may take for tensors.
#pragma once

#include <cstdint>
#include <new>

// An allocation that would pass a limit; it was not made.
struct OverBudget : std::bad_alloc {
  const char* what() const noexcept override { return "more memory than may be taken for tensors"; }
};

// Counts memory that a tensor holds without having got it from libtorch's allocator, or refuses it.
void take_memory(int64_t bytes);
void give_memory(int64_t bytes);

// Whether this thread was refused memory since it was last asked.
bool memory_was_refused();
