// Counts the memory of tensors on the CPU, and refuses what would pass a limit before it is taken. libtorch asks one allocator for
// all of it: this one, which asks the usual one. Scratch memory of the BLAS and of oneDNN isn't tensors' and isn't counted.

#include "memory.h"

#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>
#include <c10/core/impl/alloc_cpu.h>

#include <malloc.h>
#include <sys/mman.h>

#include <atomic>
#include <cstring>
#include <limits>
#include <mutex>

#define OCCAM_API extern "C" __attribute__((visibility("default")))

namespace {

// Memory from which pages of 2 MiB are asked for: they take a fifth of the time to be made, and the processor finds them faster.
constexpr size_t kHugePage = size_t{1} << 21;
constexpr size_t kLeastHuge = size_t{1} << 22;

// As far as whole ones lie in it, for nothing beside it is to become larger.
void ask_for_huge_pages(void* memory, size_t bytes) {
  if (bytes < kLeastHuge) return;
  const auto first = (reinterpret_cast<uintptr_t>(memory) + kHugePage - 1) & ~(kHugePage - 1);
  const auto end = (reinterpret_cast<uintptr_t>(memory) + bytes) & ~(kHugePage - 1);
  // Where the kernel has none, memory is as it was.
  if (first < end) (void)madvise(reinterpret_cast<void*>(first), end - first, MADV_HUGEPAGE);
}

constexpr int64_t kUnlimited = std::numeric_limits<int64_t>::max();

std::atomic<int64_t> in_use{0};
std::atomic<int64_t> peak{0};
std::atomic<int64_t> budget{kUnlimited};

// Of what is in use, arrays of .NET that tensors share.
std::atomic<int64_t> borrowed{0};

// Where tensors share a limit with .NET's heap: how far they may go before it is asked to stay smaller, what asks it, and by how much
// they fall before it may grow again.
std::atomic<int64_t> granted{kUnlimited};
std::atomic<int64_t> slack{kUnlimited};
std::atomic<int64_t (*)(int64_t)> grant{nullptr};
std::mutex granting;

int64_t owned() { return in_use.load(std::memory_order_relaxed) - borrowed.load(std::memory_order_relaxed); }

// Whether the heap leaves tensors what they have now.
bool is_granted() {
  if (owned() <= granted.load(std::memory_order_relaxed)) return true;
  const std::lock_guard<std::mutex> lock(granting);
  const int64_t own = owned();
  if (own <= granted.load(std::memory_order_relaxed)) return true;
  const auto ask = grant.load();
  const int64_t given = ask ? ask(own) : kUnlimited;
  if (given < own) return false;
  granted.store(given, std::memory_order_relaxed);
  return true;
}

// Nobody waits here: what is freed may be freed by .NET's finalizers, while the heap is asked to stay smaller.
void let_heap_grow() {
  if (owned() >= granted.load(std::memory_order_relaxed) - slack.load(std::memory_order_relaxed)) return;
  const std::unique_lock<std::mutex> lock(granting, std::try_to_lock);
  const auto ask = grant.load();
  if (!lock || !ask) return;
  const int64_t own = owned();
  const int64_t given = ask(own);
  if (given >= own) granted.store(given, std::memory_order_relaxed);
}

// How much more one thread may take, counted from what was in use when that began. What it let go may have been freed by
// another thread (.NET's finalizers), and what is in use grows by what others take: both counts must pass the limit.
struct Ceiling {
  int64_t most;
  int64_t here;
  int64_t all;
};

thread_local int64_t taken_here = 0;
thread_local Ceiling ceiling{kUnlimited, 0, 0};

struct Refusal {
  int64_t wanted;
  int64_t in_use;
  int64_t limit;
  int32_t by;
};

// Which limit refused: that of tensors, a thread's ceiling, or the one that they share with .NET's heap.
constexpr int32_t kBudget = 0, kCeiling = 1, kShared = 2;

thread_local Refusal refusal{};

// Whether one was thrown since the last look: what TorchScript runs gives other exceptions in its place.
thread_local bool refused = false;

// Lets go of tensors that nobody holds any more, before an allocation is refused for their sake.
std::atomic<void (*)()> reclaim{nullptr};

class CountingAllocator final : public c10::Allocator {
 public:
  // libtorch 2.3 dropped the const: one of the two overrides.
  c10::DataPtr allocate(size_t bytes) const { return counted(bytes); }
  c10::DataPtr allocate(size_t bytes) { return counted(bytes); }

  c10::DeleterFnPtr raw_deleter() const override { return &release; }

  // Pure virtual since libtorch 2.2.
  void copy_data(void* to, const void* from, std::size_t bytes) const { std::memcpy(to, from, bytes); }

 private:
  static c10::DataPtr counted(size_t bytes) {
    const c10::Device cpu(c10::DeviceType::CPU);
    if (bytes == 0) return {nullptr, nullptr, &release, cpu};
    const auto asked = static_cast<int64_t>(bytes);
    take_memory(asked, false);
    void* memory;
    try {
      memory = c10::alloc_cpu(bytes);
    } catch (...) {
      give_memory(asked, false);
      throw;
    }
    ask_for_huge_pages(memory, bytes);
    const auto rest = static_cast<int64_t>(malloc_usable_size(memory)) - asked;
    in_use.fetch_add(rest, std::memory_order_relaxed);
    taken_here += rest;
    return {memory, memory, &release, cpu};
  }

  static void release(void* memory) {
    if (!memory) return;
    give_memory(static_cast<int64_t>(malloc_usable_size(memory)), false);
    c10::free_cpu(memory);
  }
};

bool taken(int64_t bytes, bool is_borrowed) {
  const int64_t before = in_use.fetch_add(bytes, std::memory_order_relaxed);
  const int64_t most = budget.load(std::memory_order_relaxed);
  const bool over_budget = bytes > most - before;
  const bool over_ceiling = ceiling.most != kUnlimited && bytes > ceiling.most - (taken_here - ceiling.here) &&
                            bytes > ceiling.most - (before - ceiling.all);
  if (is_borrowed) borrowed.fetch_add(bytes, std::memory_order_relaxed);
  if (!over_budget && !over_ceiling && is_granted()) return true;
  if (is_borrowed) borrowed.fetch_sub(bytes, std::memory_order_relaxed);
  in_use.fetch_sub(bytes, std::memory_order_relaxed);
  refusal = over_budget    ? Refusal{bytes, before, most, kBudget}
            : over_ceiling ? Refusal{bytes, before - ceiling.all, ceiling.most, kCeiling}
                           : Refusal{bytes, before, most, kShared};
  return false;
}

// Above what libtorch itself registers. Never freed: tensors may outlive what is destroyed at the end of the process.
constexpr uint8_t kPriority = 100;
[[maybe_unused]] const bool registered = [] {
  c10::SetCPUAllocator(new CountingAllocator, kPriority);
  return true;
}();

}  // namespace

void take_memory(int64_t bytes, bool is_borrowed) {
  if (!taken(bytes, is_borrowed)) {
    // What can't fit even then isn't worth the search.
    const auto free_unheld = bytes <= budget.load(std::memory_order_relaxed) && bytes <= ceiling.most ? reclaim.load() : nullptr;
    if (free_unheld) free_unheld();
    if (!free_unheld || !taken(bytes, is_borrowed)) {
      refused = true;
      throw OverBudget();
    }
  }
  taken_here += bytes;
  const int64_t now = in_use.load(std::memory_order_relaxed);
  int64_t highest = peak.load(std::memory_order_relaxed);
  while (now > highest && !peak.compare_exchange_weak(highest, now, std::memory_order_relaxed)) {
  }
}

void give_memory(int64_t bytes, bool is_borrowed) {
  if (is_borrowed) borrowed.fetch_sub(bytes, std::memory_order_relaxed);
  in_use.fetch_sub(bytes, std::memory_order_relaxed);
  taken_here -= bytes;
  let_heap_grow();
}

bool memory_was_refused() {
  const bool was = refused;
  refused = false;
  return was;
}

// Memory of this size or more is the machine's again as soon as it is freed. By itself the C library keeps pieces of up to 32 MiB, once
// one of the size was freed, for what comes next, and what is left between them counts as in use.
OCCAM_API void occam_return_memory_from(int32_t bytes) { (void)mallopt(M_MMAP_THRESHOLD, bytes); }

OCCAM_API int64_t occam_memory_in_use() { return in_use.load(std::memory_order_relaxed); }

OCCAM_API int64_t occam_memory_peak() { return peak.load(std::memory_order_relaxed); }

OCCAM_API void occam_reset_memory_peak() { peak.store(in_use.load(std::memory_order_relaxed), std::memory_order_relaxed); }

OCCAM_API void occam_set_memory_budget(int64_t bytes) { budget.store(bytes, std::memory_order_relaxed); }

OCCAM_API void occam_share_memory(int64_t (*ask)(int64_t), int64_t least_fall) {
  const std::lock_guard<std::mutex> lock(granting);
  grant.store(ask);
  slack.store(ask ? least_fall : kUnlimited);
  granted.store(ask ? 0 : kUnlimited);
}

OCCAM_API void occam_set_memory_reclaim(void (*action)()) { reclaim.store(action); }

OCCAM_API void occam_begin_memory_ceiling(int64_t bytes, Ceiling* before) {
  *before = ceiling;
  ceiling = {bytes, taken_here, in_use.load(std::memory_order_relaxed)};
}

OCCAM_API void occam_end_memory_ceiling(const Ceiling* before) { ceiling = *before; }

OCCAM_API void occam_memory_refusal(Refusal* result) { *result = refusal; }
