#!/usr/bin/env bash
# Builds the wheel as `pip install .` does, sets up the peers and prints the comparison:
#
#   bash tests/benchmarks/run.sh --quick
#   bash tests/benchmarks/run.sh --boundaries counties.geojson
#
# Options are those of run.py (--help). Everything stays below the repository.
set -euo pipefail
from=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source .ci/setup.sh

venv=$PWD/.venv-benchmarks
check_system need_build_tools
make_venv "$venv"
once "$venv" requirements "$(hash_of tests/benchmarks/requirements.txt)" \
    "$venv/bin/python" -m pip install -q -r tests/benchmarks/requirements.txt
build_wheel
once "$venv" wheel "$wheel_key" \
    "$venv/bin/python" -m pip install -q --no-deps --force-reinstall "$wheel"
script=$PWD/tests/benchmarks/run.py
cd "$from"  # paths among the options are the caller's
exec "$venv/bin/python" "$script" "$@"
