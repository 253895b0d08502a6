// What a process may take for tensors.
#pragma once

#include <cstdint>
#include <new>

// An allocation that would pass a limit; it was not made.
struct OverBudget : std::bad_alloc {
  const char* what() const noexcept override { return "more memory than may be taken for tensors"; }
};

// Counts memory of a tensor, or refuses it.
// is_borrowed: it is an array of .NET, which its heap holds.
void take_memory(int64_t bytes, bool is_borrowed);
void give_memory(int64_t bytes, bool is_borrowed);

// Whether this thread was refused memory since it was last asked.
bool memory_was_refused();
