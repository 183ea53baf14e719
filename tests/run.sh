#!/usr/bin/env bash
# All tests, from a bare machine: bash tests/run.sh [--long | --stubs]
#
# The C++ library with Debian's headers and g++, warnings as errors; its tests under Clang's
# sanitizers, and some seconds of fuzzing; then the wheel with the headers of the Python package
# index: linters, types, stubs, Python tests and doctests; at last strangers' projects that use the
# library. --long adds what is slow. --stubs writes python/safetyrisk/_core.pyi anew and runs nothing
# else.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source .ci/setup.sh

long=()
stubs_only=
for argument in "$@"; do
    case $argument in
        --long) long=(--long) ;;
        --stubs) stubs_only=1 ;;
        *) die "usage: bash tests/run.sh [--long | --stubs]" ;;
    esac
done

need_test_tools() {
    need libboost-dev has_header boost/version.hpp
    need nlohmann-json3-dev has_header nlohmann/json.hpp
    need catch2 has_header catch2/catch.hpp
    need clang-19 command -v clang++-19
    need libclang-rt-19-dev has_fuzzer
    need chromium command -v chromium
    need poppler-utils command -v pdftotext
    need fonts-noto-cjk has_chinese_font
}

has_fuzzer() { clang++-19 -fsanitize=fuzzer,address -x c++ /dev/null -shared -o /dev/null; }

venv=$PWD/.venv-tests
log=$PWD/.build/log
failed=()

# step NAME COMMAND...: runs it, says how long it took, goes on when it fails.
step() {
    local name=$1 start=$SECONDS
    shift
    echo
    echo "== $name"
    if "$@"; then
        echo "== $name: passed in $((SECONDS - start)) s"
    else
        failed+=("$name")
        echo "== $name: FAILED after $((SECONDS - start)) s"
    fi
}

# cpp PRESET: configures, builds and tests; ctest's report is kept for the end.
cpp() {
    rm -f "$log/$1"
    cmake --preset "$1" >"$log/$1-configure" 2>&1 || { cat "$log/$1-configure"; return 1; }
    cmake --build --preset "$1" -j "$jobs" -- --quiet &&
        ctest --preset "$1" -j "$jobs" >"$log/$1" 2>&1 &&
        tail -n 3 "$log/$1" || { tail -n 60 "$log/$1" 2>/dev/null; return 1; }
}

# What strangers write, wrong in every way that a fuzzer finds in that time.
fuzz() {
    bash tests/fuzz/run.sh "$([ ${#long[@]} -gt 0 ] && echo 300 || echo 10)"
}

# Objects that many threads read, under the thread sanitizer.
threads() {
    cmake --preset tsan >"$log/tsan" && cmake --build --preset tsan -j "$jobs" \
        --target safetyrisk_test_io -- --quiet &&
        TSAN_OPTIONS=halt_on_error=1 .build/tsan/tests/safetyrisk_test_io "*threads*"
}

# The library with warnings as errors, every public header alone and all of them twice. The C++ tests
# run under sanitizers; building them here as well is for --long.
library() {
    cmake --preset dev >"$log/dev-configure" 2>&1 || { cat "$log/dev-configure"; return 1; }
    cmake --build --preset dev -j "$jobs" --target safetyrisk safetyrisk_headers_alone \
        safetyrisk_headers_twice -- --quiet && .build/dev/tests/safetyrisk_headers_twice
}

python_package() {
    build_wheel && install_wheel "$venv"
}

lint() {
    "$venv/bin/ruff" check . && "$venv/bin/ruff" format --check . &&
        "$venv/bin/mypy" python/safetyrisk
}

make_stubs() {
    rm -rf .build/stubs
    (cd .build && "$venv/bin/pybind11-stubgen" safetyrisk._core -o stubs --exit-code) >"$log/stubs" 2>&1 ||
        { cat "$log/stubs"; return 1; }
}

# The committed stubs are what the module says of itself.
stubs() {
    make_stubs && diff -u python/safetyrisk/_core.pyi .build/stubs/safetyrisk/_core.pyi ||
        { echo "run: bash tests/run.sh --stubs"; return 1; }
}

python_tests() {
    "$venv/bin/python" -m pytest -n "$jobs" --doctest-modules "${long[@]}" tests/python \
        --pyargs safetyrisk 2>&1 | tee "$log/pytest"
}

# consumer NAME FOLDER OPTION...: configures, builds and runs a project that uses the library.
consumer() {
    local name=$1 folder=$2
    shift 2
    cmake -G Ninja -S "$folder" -B ".build/consumer-$name" "$@" >"$log/$name" &&
        cmake --build ".build/consumer-$name" -j "$jobs" >>"$log/$name" &&
        ctest --test-dir ".build/consumer-$name" --output-on-failure --no-tests=error \
            >>"$log/$name" && tail -n 3 "$log/$name" || { cat "$log/$name"; return 1; }
}

consumers() {
    local installed=(-DCMAKE_PREFIX_PATH="$PWD/.build/prefix" -DCMAKE_FIND_USE_PACKAGE_REGISTRY=OFF)
    # The README's C++ program is one of them.
    awk '/^```cpp$/ { on = 1; next } /^```$/ { on = 0 } on' README.md >.build/readme.cpp &&
        cmake --install .build/dev --prefix .build/prefix >"$log/install" &&
        consumer find_package tests/consumer/find_package "${installed[@]}" \
            -DREADME_PROGRAM="$PWD/.build/readme.cpp" && needs_no_other find_package &&
        cmake -S tests/consumer/versions -B .build/consumer-versions "${installed[@]}" \
            >"$log/versions" &&
        consumer main_job examples/cpp/01_main_job "${installed[@]}" &&
        consumer add_subdirectory tests/consumer/add_subdirectory
}

# needs_no_other NAME: the files that a consumer's build read are the library's and the system's own.
needs_no_other() {
    ! ninja -C ".build/consumer-$1" -t deps |
        grep -E '/(boost|nlohmann|Eigen|eigen3|pybind11)/' | sort -u | head -n 5 | grep .
}

# The same objects as a shared library, installed, moved elsewhere and used by Clang in C++23.
shared_library() {
    rm -rf .build/prefix-shared .build/moved
    cmake --preset dev -DBUILD_SHARED_LIBS=ON >"$log/shared" &&
        cmake --build --preset dev --target safetyrisk -- --quiet &&
        cmake --install .build/dev --prefix .build/prefix-shared >>"$log/shared" &&
        mv .build/prefix-shared .build/moved &&
        consumer moved tests/consumer/find_package -DCMAKE_PREFIX_PATH="$PWD/.build/moved" \
            -DCMAKE_FIND_USE_PACKAGE_REGISTRY=OFF -DCMAKE_CXX_COMPILER=clang++-19 \
            -DCMAKE_CXX_STANDARD=23 &&
        bash tests/consumer/symbols.sh .build/prefix/lib*/libsafetyrisk.a \
            "$(find .build/moved -name 'libsafetyrisk.so')"
    local status=$?
    cmake --preset dev >"$log/dev-configure"
    return "$status"
}

# The wheel in an environment that has nothing, from files alone and without a compiler in reach;
# with --long its extras, too, and the demonstration with pictures.
wheel_alone() {
    local alone=.build/alone wanted=(safetyrisk) extras=()
    [ ${#long[@]} -eq 0 ] || { wanted=('safetyrisk[all]'); extras=("$wheel[all]"); }
    rm -rf "$alone" .build/dist && mkdir -p .build/dist && cp "$wheel" .build/dist &&
        "$venv/bin/python" -m pip download -q --only-binary :all: -d .build/dist numpy \
            "${extras[@]}" && "$PYTHON" -m venv "$alone" || return 1
    local python=$PWD/$alone/bin/python
    (
        cd .build && export PATH=/nonexistent
        "$python" -m pip install -q --no-index --find-links dist "${wanted[@]}" &&
            "$python" -c 'import safetyrisk as sr
g = sr.grade({"id": ["a"], "L": [3.0], "E": [6.0], "C": [15.0]}, method="lec")
print(g)
assert g.counts()["orange"] == 1, g.counts()' || exit 1
        [ ${#long[@]} -eq 0 ] || alone/bin/safetyrisk demo alone/demo
    )
}

# Printed, not judged: times depend on the machine.
include_cost() {
    bash tests/consumer/include_cost.sh .build/prefix/include
}

# The user's own command, in an environment that has nothing, from what git would hand out.
plain_install() {
    rm -rf .build/plain && "$PYTHON" -m venv .build/plain &&
        .build/plain/bin/python -m pip install -q . &&
        (cd .build && plain/bin/python -c 'import safetyrisk; print(safetyrisk.__version__)')
}

# The package straight from a CMake build tree, with Debian's headers.
build_tree() {
    cmake -G Ninja -S . -B .build/python -DCMAKE_BUILD_TYPE=Release -DSAFETYRISK_DEVELOPER=OFF \
        -DSAFETYRISK_PYTHON=ON -DPython_EXECUTABLE="$tools/bin/python" >"$log/build-tree" &&
        cmake --build .build/python -j "$jobs" -- --quiet &&
        PYTHONPATH=.build/python/python "$venv/bin/python" -c '
import safetyrisk
assert "/.build/python/" in safetyrisk.__file__, safetyrisk.__file__'
}

check_system need_build_tools need_test_tools
mkdir -p "$log"
make_venv "$venv"
build_tools
once "$venv" requirements "$(hash_of tests/requirements.txt)" \
    "$venv/bin/python" -m pip install -q -r tests/requirements.txt

if [ -n "$stubs_only" ]; then
    python_package && make_stubs
    cp .build/stubs/safetyrisk/_core.pyi python/safetyrisk/_core.pyi
    exit
fi

step "C++ library, warnings as errors" library
step "C++ tests under sanitizers" cpp asan
step "fuzzing" fuzz
step "Python package" python_package
step "ruff and mypy" lint
step "stubs" stubs
step "Python tests" python_tests
step "the wheel alone" wheel_alone
step "projects that use the library" consumers
step "shared library, moved" shared_library
step "cost of including each header" include_cost
if [ ${#long[@]} -gt 0 ]; then
    step "C++ tests, optimised" cpp dev
    step "shared objects under the thread sanitizer" threads
    step "add_subdirectory with the compiled library" \
        cmake --build .build/consumer-add_subdirectory -j "$jobs" --target compiled
    step "pip install ." plain_install
    step "import from a build tree" build_tree
fi

echo
for name in asan ${long:+dev}; do
    echo "C++ tests, $name:"
    grep -E '^[0-9]+% tests passed' "$log/$name" 2>/dev/null || echo "not run"
done
[ ${#failed[@]} -eq 0 ] || printf 'FAILED: %s\n' "${failed[@]}"
echo "all took $SECONDS s"
grep -E '^=+ .* in [0-9.]+s.*=+$' "$log/pytest" | tail -n 1 || true
[ ${#failed[@]} -eq 0 ]
