// Memory of a thread that lasts from call to call: what is taken anew costs more than what is done in it.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>

namespace occam {

// Uninitialized numbers, 64 bytes aligned, valid until the thread's next call with the same slot. What is larger than a block
// that is kept goes when the holder goes.
class Scratch {
 public:
  template <typename T>
  T* take(int64_t count) {
    const auto bytes = (count * static_cast<int64_t>(sizeof(T)) + 63) / 64 * 64;
    if (bytes > size_) {
      memory_.reset(static_cast<char*>(std::aligned_alloc(64, bytes)));
      if (!memory_) {
        size_ = 0;
        throw std::bad_alloc();
      }
      size_ = bytes;
    }
    return reinterpret_cast<T*>(memory_.get());
  }

 private:
  struct Free {
    void operator()(char* memory) const { std::free(memory); }
  };

  std::unique_ptr<char, Free> memory_;
  int64_t size_ = 0;
};

}  // namespace occam
