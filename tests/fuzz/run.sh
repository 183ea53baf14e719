#!/usr/bin/env bash
# Runs the fuzz targets of the preset "asan" side by side:
#
#   bash tests/fuzz/run.sh SECONDS [TARGET...]
#
# What is found is left as .build/fuzz/found-TARGET-…, to be given to the target as its argument.
# Inputs that reached something new are kept there, too, and the next run starts with them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
seconds=${1:?how many seconds each target is run}
shift
targets=("$@")
[ $# -gt 0 ] || targets=(geojson pack arrow graph plan)

# The fake stack is scanned at every exception, and most inputs end in one.
export ASAN_OPTIONS=detect_leaks=1:detect_stack_use_after_return=0:malloc_context_size=8
export UBSAN_OPTIONS=print_stacktrace=1

# fuzz TARGET: one run, its log kept; says how far it came, or what it found.
fuzz() {
    local target=$1 corpus=.build/fuzz/$1 log=.build/fuzz/$1.log
    mkdir -p "$corpus"
    if ! .build/asan/tests/fuzz/"$target" -max_total_time="$seconds" -max_len=1024 -timeout=10 \
        -rss_limit_mb=2048 -dict=tests/fuzz/json.dict -artifact_prefix=".build/fuzz/found-$target-" \
        "$corpus" tests/fuzz/seeds/"$target" >"$log" 2>&1; then
        grep -vE '^(#[0-9]+|\s+NEW_FUNC)' "$log" | tail -n 60
        echo "$target: found something"
        return 1
    fi
    sed -nE "s/^#[0-9]+\s+DONE\s+(cov: [0-9]+).*/$target: \1,/p; s/^Done ([0-9]+ runs in [0-9]+) .*/\1 s/p" \
        "$log" | paste -sd ' '
}

pids=()
for target in "${targets[@]}"; do
    fuzz "$target" &
    pids+=($!)
done
status=0
for pid in "${pids[@]}"; do
    wait "$pid" || status=1
done
exit "$status"
