# Builds the documentation as a site and serves it: sourced by ./occam docs.
# shellcheck shell=bash disable=SC2154 # root, build, log and dotnet are ./occam's.

# run_docs [--build-only] [--port N] [--runs FOLDER]
run_docs() {
    local began=$SECONDS serve=1 port=7076 runs=$root/runs/reproduce
    while (($#)); do
        case $1 in
            --build-only) serve=0 ;;
            --port | --runs)
                (($# > 1)) || die "docs $1 takes a value: --port N, --runs FOLDER"
                if [[ $1 == --port ]]; then port=$2; else runs=$(cd -- "$2" 2>/dev/null && pwd) || die "docs --runs $2 is no folder"; fi
                shift
                ;;
            *) die "docs doesn't know $1: expected --build-only, --port N or --runs FOLDER" ;;
        esac
        shift
    done
    [[ $port =~ ^[0-9]+$ ]] || die "docs --port $port is no number"

    local source=$build/site/source html=$build/site/html
    lock_build
    need_tools
    say "building the site"
    run_build run_dotnet build tools/site/Occam.Site.csproj -c Release -v quiet || explain_failed_build
    (cd -- "$root" && "$dotnet" tool restore) </dev/null >"$log" 2>&1 ||
        die "docfx can't be restored from NuGet: the log is in $log"
    "$dotnet" "$root/tools/site/bin/Release/net10.0/Occam.Site.dll" write "$root" "$source" "$runs" || die "the site's pages can't be written"
    rm -rf -- "$html"
    (cd -- "$source" && "$dotnet" docfx docfx.json --warningsAsErrors) </dev/null >"$log" 2>&1 || {
        grep -E 'warning|error' "$log" | sort -u | head -n 20 >&2
        die "docfx failed: the log is in $log"
    }
    # Two thirds of what docfx brings, for those alone who mend its scripts.
    find "$html/public" -name '*.map' -delete
    unlock_build
    "$dotnet" "$root/tools/site/bin/Release/net10.0/Occam.Site.dll" check "$html" >&2 || die "links of the site are dead"
    say "built in $((SECONDS - began)) s: $html/index.html"
    ((serve)) || return 0
    say "http://127.0.0.1:$port/ until Ctrl-C"
    cd -- "$root" && exec "$dotnet" docfx serve "$html" --hostname 127.0.0.1 --port "$port"
}
