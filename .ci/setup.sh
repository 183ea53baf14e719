# Shared by tests/run.sh and examples/run.sh, which source it from the top of the repository.
#
# It finds or installs what a bare machine lacks, keeps virtual environments below the
# repository (git ignores them) and builds the wheel. Everything is done once and again only
# when what it depends on has changed.

PYTHON=${PYTHON:-python3}
unset PYTHONPATH PYTHONHOME
jobs=$(nproc 2>/dev/null || echo 2)
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore

# Some tools insist on a home folder that they can write to.
if [ -z "${HOME:-}" ] || [ ! -w "$HOME" ]; then
    export HOME="$PWD/.build/home"
    mkdir -p "$HOME"
fi

die() {
    echo "$*" >&2
    exit 2
}

missing=()

# need PACKAGE COMMAND...: notes the Debian package as missing when the command fails.
need() {
    local package=$1
    shift
    "$@" >/dev/null 2>&1 || missing+=("$package")
}

have_compiler() { echo '#include <version>' | "${CXX:-g++}" -std=c++20 -fsyntax-only -x c++ -; }

has_header() { echo "#include <$1>" | "${CXX:-g++}" -std=c++20 -fsyntax-only -x c++ -; }

python_is_debians() { [ "$("$PYTHON" -c 'import sys; print(sys.base_prefix)')" = /usr ]; }

python_has_venv() { "$PYTHON" -c 'import ensurepip, venv'; }

python_has_headers() {
    "$PYTHON" -c 'import os, sysconfig
raise SystemExit(not os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h")))'
}

# A font with Chinese: one that the user names, one that fontconfig knows, or a usual file.
has_chinese_font() {
    [ -n "${SAFETYRISK_FONT:-}" ] && [ -r "$SAFETYRISK_FONT" ] && return 0
    command -v fc-list >/dev/null && [ -n "$(fc-list :lang=zh-cn file 2>/dev/null)" ] && return 0
    find /usr/share/fonts /usr/local/share/fonts -iname '*CJK*' -o -iname 'wqy-*' \
        -o -iname 'SourceHan*' 2>/dev/null | grep -q .
}

# What building and installing the Python package needs.
need_build_tools() {
    command -v "$PYTHON" >/dev/null || { missing+=(python3); return; }
    need g++ have_compiler
    need python3-venv python_has_venv
    need python3-dev python_has_headers
}

# check_system FUNCTION...: each function calls need for its things. Root gets the missing
# packages installed, anybody else gets their names.
check_system() {
    local check
    missing=()
    for check in "$@"; do "$check"; done
    if [ ${#missing[@]} -gt 0 ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "installing with apt-get: ${missing[*]}"
        apt-get update -qq &&
            DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
                "${missing[@]}" >/dev/null || die "apt-get could not install: ${missing[*]}"
        missing=()
        for check in "$@"; do "$check"; done
    fi
    if [ ${#missing[@]} -gt 0 ]; then
        if ! python_is_debians 2>/dev/null; then
            case " ${missing[*]} " in *" python3-venv "* | *" python3-dev "*)
                echo "$PYTHON is not Debian's Python: it needs its own venv module and Python.h" >&2 ;;
            esac
        fi
        die "missing: ${missing[*]}   (as root: apt-get install ${missing[*]})"
    fi
    "$PYTHON" -c 'import sys; raise SystemExit(sys.version_info < (3, 11))' ||
        die "missing: Python 3.11 or newer ($PYTHON is $("$PYTHON" --version 2>&1)); set PYTHON"
}

# Hash of files and folders, caches left out.
hash_of() {
    find "$@" -type f ! -path '*/__pycache__/*' -print0 | LC_ALL=C sort -z |
        xargs -0 sha256sum | sha256sum | cut -c1-16
}

# make_venv DIR: a virtual environment of $PYTHON; made anew when $PYTHON is another one.
make_venv() {
    local identity
    identity=$("$PYTHON" -c 'import sys; print(sys.version, sys.base_prefix)')
    if [ "$(cat "$1/identity" 2>/dev/null)" != "$identity" ]; then
        rm -rf "$1"
        "$PYTHON" -m venv "$1"
        echo "$identity" >"$1/identity"
    fi
}

# once DIR NAME KEY COMMAND...: runs the command unless it succeeded before with that key.
once() {
    local stamp="$1/done-$2" key=$3
    shift 3
    [ "$(cat "$stamp" 2>/dev/null)" = "$key" ] && return 0
    "$@" || return 1
    echo "$key" >"$stamp"
}

# build_tools: an environment with exactly what pyproject.toml asks for to build, and CMake and
# Ninja when the machine has none. Leaves its path in $tools.
build_tools() {
    tools=$PWD/.build/venv-build
    mkdir -p .build
    make_venv "$tools"
    local requirements
    mapfile -t requirements < <("$tools/bin/python" -c 'import tomllib
print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")')
    cmake_is_recent || requirements+=("cmake>=3.25")
    command -v ninja >/dev/null || requirements+=(ninja)
    once "$tools" requirements "${requirements[*]}" \
        "$tools/bin/python" -m pip install -q "${requirements[@]}"
    # Last in the path: what the machine has goes first.
    PATH=$(cmake_is_recent && echo "$PATH:$tools/bin" || echo "$tools/bin:$PATH")
}

cmake_is_recent() {
    local version
    version=$(cmake --version 2>/dev/null | sed -n '1s/[^0-9]*//p')
    [ -n "$version" ] && [ "$(printf '%s\n3.25\n' "$version" | sort -V | head -n 1)" = 3.25 ]
}

# build_wheel: the same build as `pip install .`, with a build folder that is kept. Leaves the
# wheel's path in $wheel and the hash of what it was made from in $wheel_key.
build_wheel() {
    build_tools || return 1
    wheel_key=$(hash_of CMakeLists.txt pyproject.toml README.md LICENSE include src python)
    wheel_key+=-$("$tools/bin/python" -c 'import sys; print(sys.implementation.cache_tag)')
    local folder=.build/wheel/$wheel_key
    if [ -z "$(find "$folder" -name '*.whl' 2>/dev/null)" ]; then
        echo "building the wheel"
        rm -rf .build/wheel
        CMAKE_BUILD_PARALLEL_LEVEL=$jobs "$tools/bin/python" -m pip wheel -q --no-deps \
            --no-build-isolation --config-settings=build-dir=.build/wheel-cmake -w "$folder" . || return 1
    fi
    wheel=$(find "$PWD/$folder" -name '*.whl')
}

# install_wheel VENV: what `pip install '.[all]'` does, skipped when nothing has changed.
install_wheel() {
    once "$1" extras "$(hash_of pyproject.toml)" "$1/bin/python" -m pip install -q "$wheel[all]" &&
        once "$1" wheel "$wheel_key" \
            "$1/bin/python" -m pip install -q --no-deps --force-reinstall "$wheel"
}
