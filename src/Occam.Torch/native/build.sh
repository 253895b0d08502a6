#!/bin/sh
# Builds liboccam_torch.so against libtorch: Native.targets runs it when something changed.
#
# Projects build in parallel, and a build may run beside the launcher's, so that one copy works at a
# time (the lock) and the library appears whole or not at all (the rename). Errors are written in
# MSBuild's form, so that `dotnet build` counts and shows them.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
build=$here/build
made=$build/cmake

fail() {
    echo "$here/CMakeLists.txt : error OCCAM$1: $2" >&2
    exit 1
}

mkdir -p "$made" || fail 1 "cannot write to $build"
if command -v flock >/dev/null; then
    # Not 9: a build of the launcher's has its lock there, and keeps it until this script has ended.
    exec 8>"$build/lock"
    flock 8
fi

command -v cmake >/dev/null || fail 2 "cmake is not installed; install it (Debian, Ubuntu: apt-get install cmake make g++), or start ./occam once, which does"

if [ -n "${LIBTORCH:-}" ]; then
    [ -d "$LIBTORCH" ] || fail 3 "LIBTORCH=$LIBTORCH is not a folder; set it to an unpacked libtorch or to the torch/ folder of a pip PyTorch, or unset it"
fi

# cmake remembers the libtorch that it found first, and the folder that it ran in; make doesn't see that a libtorch
# whose files are older than what was built from them was put in its place (the stamp tells, see Native.targets);
# and a build that was killed may have left half an object file. The configuration is that of the last whole build.
configuration="LIBTORCH=${LIBTORCH:-} in $here; $(cat "$build/libtorch.stamp" 2>/dev/null || true)"
if [ "$(cat "$made/configuration" 2>/dev/null || true)" != "$configuration" ]; then
    rm -rf "$made"
    mkdir -p "$made"
fi
rm -f "$made/configuration"

log=$build/cmake.log
if ! cmake -S "$here" -B "$made" -DCMAKE_BUILD_TYPE=Release >"$log" 2>&1; then
    rm -f "$made/CMakeCache.txt"
    if grep -q 'TorchConfig.cmake' "$log"; then
        fail 4 "libtorch is not found${LIBTORCH:+ in LIBTORCH=$LIBTORCH}; install libtorch-dev (Debian, Ubuntu) or set LIBTORCH to an unpacked libtorch or to the torch/ folder of a pip PyTorch"
    fi
    if grep -qE 'No CMAKE_CXX_COMPILER|CMAKE_MAKE_PROGRAM|build program' "$log"; then
        fail 7 "a C++ compiler and make are needed; install them (Debian, Ubuntu: apt-get install g++ make)"
    fi
    cat "$log" >&2
    fail 5 "cmake could not prepare the native library: see above, or $log"
fi

# A file of libtorch's headers takes half a gigabyte and more to compile.
at_once=$(nproc 2>/dev/null || echo 1)
[ "$at_once" -le 4 ] || at_once=4
if ! cmake --build "$made" --parallel "$at_once" >"$log" 2>&1; then
    cat "$log" >&2
    fail 6 "the native library did not compile: see above, or $log"
fi
printf '%s\n' "$configuration" >"$made/configuration"
if ! sh "$here/placeholders.sh" "$made/liboccam_torch.so" "$build/placeholders" >>"$log" 2>&1; then
    # Without them all that libtorch names is loaded.
    rm -rf "$build/placeholders"
fi
cp "$made/liboccam_torch.so" "$build/liboccam_torch.so.new"
mv -f "$build/liboccam_torch.so.new" "$build/liboccam_torch.so"
