// libtorch keeps a pool of threads for XNNPACK, and makes it anew whenever a thread of the program first asks how many threads there
// are. A new thread of the pool waits for work in a loop for milliseconds, on a core that others need. Nothing that Occam calls takes
// the pool, and its threads are left out: where libtorch looks for the function, it finds this one first. A libtorch that has the pool
// built in doesn't look.

#include <dlfcn.h>

#include <cstddef>

extern "C" __attribute__((visibility("default"))) void* pthreadpool_create(size_t) {
  static const auto create = reinterpret_cast<void* (*)(size_t)>(dlsym(RTLD_NEXT, "pthreadpool_create"));
  return create != nullptr ? create(1) : nullptr;
}
