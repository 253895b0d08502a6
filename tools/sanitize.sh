# Runs tests of the native library under the address and undefined-behaviour sanitizers: sourced by ./occam test --sanitize.
# shellcheck shell=bash disable=SC2154 # root, build and dotnet are ./occam's.

# What tests of Occam.Tests call the native library's own operators in many shapes: convolutions, normalizations, vectors, rows.
sanitized_classes=(
    Occam.Tests.Networks.Operators.EveryOperatorTests Occam.Tests.Training.Regularizers.RegularizerGradientTests
    Occam.Tests.Measures.GeometricComplexityTests Occam.Tests.Training.ResumeTests Occam.Tests.ThreadTests
)

# Into a folder of its own: a build of the library as it is used isn't touched.
build_sanitized() {
    local made=$root/build/sanitized log=$root/build/sanitized.log
    mkdir -p "$made"
    cmake -S "$root/src/Occam.Torch/native" -B "$made" -DCMAKE_BUILD_TYPE=Release -DOCCAM_SANITIZE=ON >"$log" 2>&1 \
        && cmake --build "$made" --parallel "$(nproc 2>/dev/null || echo 1)" >>"$log" 2>&1 || die "the native library did not compile with sanitizers: see $log"
    nm -D "$made/liboccam_torch.so" | grep -q __asan_ || die "$made/liboccam_torch.so isn't watched: the compiler has no sanitizers"
    sanitized=$made/liboccam_torch.so
}

# A project's tests with the watched library beside them, in a copy.
# PROJECT [options of xunit]
run_sanitized() {
    local project=$1 place=$root/build/sanitized-$1
    shift
    rm -rf -- "$place"
    cp -r -- "$root/tests/$project/bin/Release/net10.0" "$place" || die "cannot copy the tests of $project to $place"
    cp -- "$sanitized" "$place/liboccam_torch.so"
    say "$project under the sanitizers"

    # The runtime of .NET handles its own null references, which are faults first, and starts after the program does, so that the
    # sanitizers' must come first; it keeps what it has at its end, so that leaks are looked for by tests of memory instead.
    (
        cd -- "$place" || exit 1
        export ASAN_OPTIONS=detect_leaks=0:handle_segv=0:handle_sigbus=0:handle_sigfpe=0:handle_abort=0:use_sigaltstack=0:quarantine_size_mb=4
        export UBSAN_OPTIONS=print_stacktrace=1
        LD_PRELOAD="$(gcc -print-file-name=libasan.so) $(gcc -print-file-name=libubsan.so)" \
            exec "$dotnet" "$project.dll" -noLogo -noColor "$@" </dev/null
    ) 2>&1 | tee -- "$root/build/sanitized-$project.log"
    [[ ${PIPESTATUS[0]} == 0 ]] || failed=1
    if grep -qE 'runtime error:|ERROR: AddressSanitizer' "$root/build/sanitized-$project.log"; then
        say "the sanitizers found something: see build/sanitized-$project.log"
        failed=1
    fi
    rm -rf -- "$place"
}

run_sanitizers() {
    local failed=0 sanitized='' class options=()
    lock_build
    need_tools
    say "building the tests, and the native library with sanitizers"
    run_build run_dotnet build Occam.slnx -c Release -v quiet || explain_failed_build
    build_sanitized
    unlock_build
    if (($# > 0)); then
        run_sanitized Occam.Tests "$@"
    else
        for class in "${sanitized_classes[@]}"; do
            options+=(-class "$class")
        done
        run_sanitized Occam.Torch.Tests
        run_sanitized Occam.Tests "${options[@]}"
    fi
    ((failed == 0)) || exit 1
    say "clean"
}
