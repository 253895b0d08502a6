# Builds and runs every test project: sourced by ./occam test.
# shellcheck shell=bash disable=SC2154 # root, build and dotnet are ./occam's.

# The number after a word in xunit's closing line, as in "Total: 12, Errors: 0, Failed: 1, Skipped: 2".
count_of() { sed -nE "s/.* $1: ([0-9]+).*/\1/p" <<<"$2"; }

run_tests() {
    local began=$SECONDS project name output status summary passed failed skipped
    local passed_sum=0 failed_sum=0 skipped_sum=0
    lock_build
    need_tools
    want_packages "tests compare with PyTorch" torch
    want_packages "tests measure its transformers" torchvision
    want_packages "tests run its conformance cases" onnx
    want_packages "tests look at pages in a browser" chromium
    say "building the tests"
    run_build run_dotnet build Occam.slnx -c Release -v quiet || explain_failed_build
    unlock_build
    say "built in $((SECONDS - began)) s"

    output=$(mktemp) || die "cannot write to ${TMPDIR:-/tmp}"
    # shellcheck disable=SC2064 # the name as it is now
    trap "rm -f -- '$output'" EXIT
    for project in "$root"/tests/*/*.csproj; do
        name=$(basename -- "$project" .csproj)
        (cd -- "${project%/*}/bin/Release/net10.0" && exec "$dotnet" "$name.dll" -noLogo -noColor "$@" </dev/null) 2>&1 | tee -- "$output"
        status=${PIPESTATUS[0]}
        summary=$(grep -E 'Total: [0-9]+, Errors: ' "$output" | tail -n 1)
        passed=0 failed=0 skipped=0
        if [[ -n $summary ]]; then
            skipped=$(count_of Skipped "$summary")
            failed=$(count_of Failed "$summary")
            passed=$(($(count_of Total "$summary") - failed - skipped))
            failed=$((failed + $(count_of Errors "$summary")))
        fi
        if ((status != 0 && failed == 0)); then
            say "$name ended with code $status, and no failed test says why: counted as a failure"
            failed=1
        fi
        passed_sum=$((passed_sum + passed))
        failed_sum=$((failed_sum + failed))
        skipped_sum=$((skipped_sum + skipped))
    done
    say "tests took $((SECONDS - began)) s, building included"
    printf '%d passed, %d failed, %d skipped\n' "$passed_sum" "$failed_sum" "$skipped_sum"
    ((failed_sum == 0)) || exit 1
}
