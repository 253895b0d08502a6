# Builds and runs the fuzzer: sourced by ./occam fuzz.
# shellcheck shell=bash disable=SC2154 # root, build and dotnet are ./occam's.

run_fuzz() {
    lock_build
    need_tools
    run_build run_dotnet build tools/fuzz/Occam.Fuzz.csproj -c Release -v quiet || explain_failed_build
    unlock_build
    exec "$dotnet" "$root/tools/fuzz/bin/Release/net10.0/Occam.Fuzz.dll" --out "$build/fuzz" "$@"
}
