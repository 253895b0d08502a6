# Builds and runs every test project: sourced by ./occam test.
# shellcheck shell=bash disable=SC2154 # root, build and dotnet are ./occam's.

# These mostly wait, for programs that they start and for a browser: they run beside the others where there are two processors.
waiting=(Occam.Cli.Tests Occam.Ui.Tests)

# The number after a word in xunit's closing line, as in "Total: 12, Errors: 0, Failed: 1, Skipped: 2".
count_of() { sed -nE "s/.* $1: ([0-9]+).*/\1/p" <<<"$2"; }

run_project() { # run_project NAME OPTIONS...
    (cd -- "$root/tests/$1/bin/Release/net10.0" && exec "$dotnet" "$1.dll" -noLogo -noColor "${@:2}" </dev/null) 2>&1
}

# Adds what a project's output ends with to the sums; an end without a reason counts as a failure.
count_project() { # count_project NAME STATUS OUTPUT
    local summary failed
    summary=$(grep -E 'Total: [0-9]+, Errors: ' "$3" | tail -n 1)
    failed=0
    if [[ -n $summary ]]; then
        failed=$(count_of Failed "$summary")
        skipped_sum=$((skipped_sum + $(count_of Skipped "$summary")))
        passed_sum=$((passed_sum + $(count_of Total "$summary") - failed - $(count_of Skipped "$summary")))
        failed=$((failed + $(count_of Errors "$summary")))
    fi
    if (($2 != 0 && failed == 0)); then
        say "$1 ended with code $2, and no failed test says why: counted as a failure"
        failed=1
    fi
    failed_sum=$((failed_sum + failed))
}

run_waiting() { # run_waiting OPTIONS...: into files, for what else is printed meanwhile
    local name
    for name in "${beside[@]}"; do
        run_project "$name" "$@" >"$outputs/$name"
        echo $? >"$outputs/$name.status"
    done
}

run_tests() {
    local began=$SECONDS project name outputs lane=
    local passed_sum=0 failed_sum=0 skipped_sum=0 first=() beside=()
    lock_build
    need_tools
    want_packages "tests compare with PyTorch" torch
    want_packages "tests measure its transformers" torchvision
    want_packages "tests run its conformance cases" onnx
    want_packages "tests compare semidefinite programs with it" cvxopt
    want_packages "tests look at pages in a browser" chromium
    say "building the tests"
    run_build run_dotnet build Occam.slnx -c Release -v quiet || explain_failed_build
    unlock_build
    say "built in $((SECONDS - began)) s"

    for project in "$root"/tests/*/*.csproj; do
        name=$(basename -- "$project" .csproj)
        if [[ " ${waiting[*]} " == *" $name "* && $(nproc 2>/dev/null || echo 1) -gt 1 ]]; then
            beside+=("$name")
        else
            first+=("$name")
        fi
    done

    outputs=$(mktemp -d) || die "cannot write to ${TMPDIR:-/tmp}"
    if ((${#beside[@]} > 0)); then
        # A process group of its own, which goes as a whole.
        set -m
        run_waiting "$@" &
        lane=$!
        set +m
    fi
    # shellcheck disable=SC2064 # the names as they are now
    trap "${lane:+kill -- -$lane 2>/dev/null; }rm -rf -- '$outputs'" EXIT
    trap 'exit 130' INT
    for name in "${first[@]}"; do
        run_project "$name" "$@" | tee -- "$outputs/$name"
        count_project "$name" "${PIPESTATUS[0]}" "$outputs/$name"
    done
    [[ -z $lane ]] || wait "$lane"
    for name in "${beside[@]}"; do
        cat -- "$outputs/$name"
        count_project "$name" "$(<"$outputs/$name.status")" "$outputs/$name"
    done
    say "tests took $((SECONDS - began)) s, building included"
    printf '%d passed, %d failed, %d skipped\n' "$passed_sum" "$failed_sum" "$skipped_sum"
    ((failed_sum == 0)) || exit 1
}
