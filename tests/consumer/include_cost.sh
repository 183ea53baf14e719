#!/usr/bin/env bash
# What including each public header costs: bash tests/consumer/include_cost.sh [INCLUDE_DIR [REPEATS]]
#
# For a file that holds nothing but the include: lines after preprocessing, and the time of a whole
# compilation with g++ -O0 (the best of the repeats). <vector> and <string> stand beside them.
set -euo pipefail
include=${1:-include}
repeats=${2:-1}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
compiler=${CXX:-g++}

cost() {
    local name=$1 best=999999 start took
    echo "#include <$name>" >"$work/x.cpp"
    local lines
    lines=$("$compiler" -std=c++20 -I "$include" -E -P "$work/x.cpp" | wc -l)
    for ((i = 0; i < repeats; ++i)); do
        start=$(date +%s%N)
        "$compiler" -std=c++20 -I "$include" -c "$work/x.cpp" -o "$work/x.o"
        took=$((($(date +%s%N) - start) / 1000000))
        ((took < best)) && best=$took
    done
    printf '| `%s` | %d | %d |\n' "$name" "$best" "$lines"
}

echo '| header | ms | lines |'
echo '|---|---|---|'
for name in vector string; do cost "$name"; done
(cd "$include" && find safetyrisk -name '*.hpp' | LC_ALL=C sort) | while read -r name; do
    cost "$name"
done
