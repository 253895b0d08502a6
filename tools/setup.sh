# Sets the machine up and builds: sourced by ./occam when there is something to do.
# shellcheck shell=bash disable=SC2154 # root, build, app and dotnet are ./occam's.

log=$build/build.log

# One ./occam at a time installs and builds in this folder. Whatever inherits the descriptor keeps the lock too.
lock_build() {
    local problem
    problem=$({ mkdir -p -- "$build/app" && : >>"$build/lock"; } 2>&1) || die "cannot write to $build: ${problem##*: }"
    exec 9>>"$build/lock"
    if ! flock --nonblock 9; then
        say "another build is under way here; waiting for it"
        flock 9
    fi
}

unlock_build() { exec 9>&-; }

# --- What must be there ---

is_version() { # is_version MINIMUM FOUND: compares the major version alone
    local major=${2#v}
    major=${major%%.*}
    [[ $major =~ ^[0-9]+$ ]] && ((major >= $1))
}

any_file() { # any_file PATTERN...
    local pattern
    for pattern; do
        ! compgen -G "$pattern" >/dev/null || return 0
    done
    return 1
}

has() {
    case $1 in
        dotnet) find_dotnet && "$dotnet" --list-sdks | grep -q '^10\.0\.' ;;
        compiler) command -v "${CXX:-c++}" >/dev/null || command -v g++ >/dev/null || command -v clang++ >/dev/null ;;
        node) is_version 18 "$(node --version 2>/dev/null)" ;;
        libtorch)
            local config=cmake/Torch/TorchConfig.cmake
            [[ -n ${LIBTORCH:-} ]] || any_file "/usr/lib/*/$config" "/usr/*/$config" "/usr/local/*/$config"
            ;;
        # A libtorch of one's own brings its own.
        blas) [[ -n ${LIBTORCH:-} ]] || any_file '/usr/lib/*/libopenblas.so.0' '/usr/lib*/libopenblas.so.0' ;;
        torch) /usr/bin/python3 -c 'import sys, importlib.util as u; sys.exit(not all(map(u.find_spec, ["torch", "numpy"])))' 2>/dev/null ;;
        torchvision) /usr/bin/python3 -c 'import sys, importlib.util as u; sys.exit(u.find_spec("torchvision") is None)' 2>/dev/null ;;
        onnx) /usr/bin/python3 -c 'import sys, importlib.util as u; sys.exit(u.find_spec("onnx") is None)' 2>/dev/null ;;
        cvxopt) /usr/bin/python3 -c 'import sys, importlib.util as u; sys.exit(u.find_spec("cvxopt") is None)' 2>/dev/null ;;
        chromium) command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null ;;
        *) command -v "$1" >/dev/null ;;
    esac
}

title_of() {
    case $1 in
        dotnet) echo "the .NET SDK 10" ;;
        compiler) echo "a C++ compiler" ;;
        node) echo "Node 18 or newer" ;;
        blas) echo "OpenBLAS" ;;
        torch) echo "PyTorch and NumPy for /usr/bin/python3" ;;
        torchvision) echo "torchvision for /usr/bin/python3" ;;
        onnx) echo "ONNX for /usr/bin/python3" ;;
        cvxopt) echo "CVXOPT for /usr/bin/python3" ;;
        *) echo "$1" ;;
    esac
}

packages_of() {
    case $1 in
        dotnet) echo dotnet-sdk-10.0 ;;
        compiler) echo g++ ;;
        node) echo nodejs ;;
        libtorch) echo libtorch-dev libopenblas0-openmp ;;
        # The build whose threads are those of libtorch: OpenMP's.
        blas) echo libopenblas0-openmp ;;
        torch) echo python3-torch python3-numpy ;;
        torchvision) echo python3-torchvision ;;
        onnx) echo python3-onnx ;;
        cvxopt) echo python3-cvxopt ;;
        flock) echo util-linux ;;
        *) echo "$1" ;;
    esac
}

system_family() {
    local words
    [[ $OSTYPE != darwin* ]] || { echo macos; return; }
    words=" $(sed -n 's/^ID\(_LIKE\)\{0,1\}=//p' /etc/os-release 2>/dev/null | tr -d '"' | tr '\n' ' ') "
    case $words in
        *" debian "* | *" ubuntu "*) echo debian ;;
        *" fedora "* | *" rhel "*) echo fedora ;;
        *" arch "*) echo arch ;;
        *) echo other ;;
    esac
}

how_to_install() {
    local dotnet_script="curl -fsSL https://dot.net/v1/dotnet-install.sh | bash -s -- --channel 10.0"
    dotnet_script+="   (into ~/.dotnet, where ./occam finds it; https://dot.net has other ways)"
    local pip_torch="python3 -m pip install --target ~/libtorch torch && export LIBTORCH=~/libtorch/torch"
    case $(system_family):$1 in
        fedora:dotnet) echo "sudo dnf install dotnet-sdk-10.0" ;;
        arch:dotnet) echo "sudo pacman -S dotnet-sdk" ;;
        macos:dotnet) echo "brew install dotnet" ;;
        *:dotnet) echo "$dotnet_script" ;;
        debian:node) echo "sudo apt-get install nodejs npm   (or, where that is older than 18, from https://nodejs.org)" ;;
        debian:libtorch) echo "sudo apt-get install libtorch-dev   (or $pip_torch)" ;;
        *:libtorch) echo "$pip_torch" ;;
        debian:*) echo "sudo apt-get install $(packages_of "$1")" ;;
        fedora:compiler) echo "sudo dnf install gcc-c++" ;;
        fedora:node) echo "sudo dnf install nodejs npm" ;;
        fedora:flock) echo "sudo dnf install util-linux" ;;
        fedora:*) echo "sudo dnf install $1" ;;
        arch:compiler) echo "sudo pacman -S gcc" ;;
        arch:node) echo "sudo pacman -S nodejs npm" ;;
        arch:flock) echo "sudo pacman -S util-linux" ;;
        arch:*) echo "sudo pacman -S $1" ;;
        macos:compiler | macos:make) echo "xcode-select --install" ;;
        macos:npm) echo "brew install node" ;;
        macos:*) echo "brew install $1" ;;
        *:node) echo "from https://nodejs.org" ;;
        *:compiler) echo "install gcc (g++) or clang (clang++)" ;;
        *) echo "install $(title_of "$1")" ;;
    esac
}

# Sets `missing` to those of the named tools that are not there.
find_missing() {
    local tool
    missing=()
    for tool; do
        has "$tool" || missing+=("$tool")
    done
}

titles_of() {
    local tool text=
    for tool; do
        text+=${text:+, }$(title_of "$tool")
    done
    echo "$text"
}

as_root() {
    if ((EUID == 0)); then
        "$@"
    elif [[ -t 0 ]]; then
        sudo "$@"
    else
        sudo -n "$@"
    fi
}

may_install() {
    [[ ${OCCAM_NO_INSTALL:-} != 1 ]] && command -v apt-get >/dev/null && { ((EUID == 0)) || command -v sudo >/dev/null; }
}

# Installs what apt-get has of the named tools' packages. The caller looks what is missing still.
install() { # install WHY TOOL...
    local why=$1 tool package packages=() began=$SECONDS
    local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -y -qq -o DPkg::Lock::Timeout=600)
    shift
    say "missing: $(titles_of "$@") ($why); asking apt-get for it"
    as_root "${apt[@]}" update </dev/null >"$log" 2>&1 || say "apt-get update failed; going on with the package lists that are here"
    for tool; do
        for package in $(packages_of "$tool"); do
            if [[ -n $(apt-cache search --names-only "^${package//+/\\+}\$") ]]; then
                packages+=("$package")
            else
                say "apt-get has no $package on this release"
            fi
        done
    done
    ((${#packages[@]})) || return 0
    say "installing ${packages[*]}$( ((EUID == 0)) || echo " through sudo")"
    if as_root "${apt[@]}" install --no-install-recommends "${packages[@]}" </dev/null >>"$log" 2>&1; then
        say "installed in $((SECONDS - began)) s"
    else
        say "apt-get failed: $(grep '^E:' "$log" | tail -n 1)"
    fi
    hash -r
}

need_tools() {
    local tool tools=(flock dotnet compiler make cmake node npm libtorch)
    find_missing "${tools[@]}"
    ((${#missing[@]})) || return 0
    if may_install; then
        # Some packages of Node bring npm, and conflict with the package npm: so npm is asked for last.
        local first=()
        for tool in "${missing[@]}"; do
            [[ $tool == npm ]] || first+=("$tool")
        done
        ((${#first[@]} == 0)) || install "needed to build" "${first[@]}"
        has npm || install "needed to build" npm
        find_missing "${tools[@]}"
        ((${#missing[@]})) || return 0
    fi
    say "cannot build without $(titles_of "${missing[@]}"). To install:"
    for tool in "${missing[@]}"; do
        printf '  %s: %s\n' "$(title_of "$tool")" "$(how_to_install "$tool")" >&2
    done
    exit 2
}

# For what serves some tests or benchmarks only, whose absence is no failure.
want_packages() { # want_packages WHY TOOL...
    local why=$1
    shift
    find_missing "$@"
    ((${#missing[@]})) || return 0
    if may_install; then
        install "$why" "${missing[@]}"
        find_missing "${missing[@]}"
        ((${#missing[@]})) || return 0
    fi
    say "going on without $(titles_of "${missing[@]}") ($why)"
}

# --- Building ---

# A build outlives a launcher that is killed outright, and then puts its result in place by itself; the
# next call waits for it. So it is a group of processes of its own, which has nothing of the launcher's
# open but the lock: that is free once the last of them has ended.
run_build() { # run_build FUNCTION [ARGUMENT...]
    local group
    set -m
    (cd -- "$root" && "$@") </dev/null 2>/dev/null >"$log" 2>&1 &
    group=$!
    set +m
    # shellcheck disable=SC2064 # the group as it is now
    trap "kill -KILL -- -$group; say interrupted; exit 130" INT TERM HUP
    wait "$group" 2>/dev/null
    local status=$?
    trap - INT TERM HUP
    return "$status"
}

# The projects of a build are compiled by one compiler, which is of this build alone. It would keep the lock, as all that a build starts:
# so what is left of the build's group is ended with it, also where it was killed. What a build that did not end well has written may be
# half a file, which dotnet would take for whole: it is removed.
run_dotnet() {
    local unfinished=$build/unfinished
    [[ ! -e $unfinished ]] ||
        find src tests bench -type f \( -path '*/obj/*' -o -path '*/bin/Release/*' \) -cnewer "$unfinished" -delete
    export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
    export DOTNET_CLI_USE_MSBUILD_SERVER=0 MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=true SharedCompilationId=occam-$$
    : >"$unfinished" && "$dotnet" "$@"
    local status=$?
    trap '' TERM
    kill -TERM 0
    trap - TERM
    ((status != 0)) || rm -f -- "$unfinished"
    return "$status"
}

explain_failed_build() {
    if ! (head -c 1048576 /dev/zero >"$build/.room") 2>/dev/null || grep -q 'No space left on device' "$log"; then
        rm -f -- "$build/.room"
        die "cannot build: no room left on the disk that holds $build, or it cannot be written"
    fi
    rm -f -- "$build/.room"
    if grep -q ': error ' "$log"; then
        grep ': error ' "$log" | sed -e 's/ \[[^]]*\]$//' -e "s|$root/||g" -e 's/^ *//' | sort -u | head -n 10 >&2
    else
        tail -n 10 "$log" >&2
    fi
    die "the build failed: the errors stand above, the whole log in $log"
}

runtime_identifier() {
    case $(uname -m) in
        x86_64 | amd64) echo linux-x64 ;;
        aarch64 | arm64) echo linux-arm64 ;;
        *) die "Occam runs on x86-64 and ARM64, not on $(uname -m)" ;;
    esac
}

# Publishes to a folder beside and renames it last: what is interrupted is never taken for whole. Analyzers take as long as the compiler,
# and are for those who change the sources: ./occam test has them.
publish() {
    local fresh=$build/app.unfinished
    rm -rf -- "$fresh"
    # A compiler that lives for half a minute has no time to compile itself better.
    DOTNET_TieredCompilation=0 run_dotnet publish src/Occam.Cli -c Release -v quiet -p:RunAnalyzers=false -o "$fresh" "$@" &&
        mv -- "$fresh" "$app"
}

build_program() {
    local began=$SECONDS old runtime
    lock_build
    need_tools
    want_packages "without it libtorch multiplies matrices some twenty times slower" blas
    if [[ ! -d $app ]]; then
        say "building the program (a minute or two the first time)"
        runtime=$(runtime_identifier) || exit
        if ! run_build publish -p:PublishFor="$runtime" -p:PublishReadyToRun=true; then
            # The compiler comes as a package, which a closed network may not have.
            grep -qiE 'crossgen|NU1101|NETSDK1094' "$log" || explain_failed_build
            say "no ahead-of-time compiler for $runtime here; building without, the program starts slower"
            run_build publish || explain_failed_build
        fi
        say "built in $((SECONDS - began)) s"
    fi
    # What is half removed isn't taken for whole either.
    for old in "$build"/app/*; do
        [[ $old == "$app" ]] || flock --exclusive --nonblock "$old" mv -- "$old" "$build/app.old"
        rm -rf -- "$build/app.old"
    done
    unlock_build
}
