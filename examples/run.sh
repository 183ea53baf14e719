#!/usr/bin/env bash
# Runs the main job on the bundled example: a register of risk points goes in, graded tables and
# four-colour maps come out in examples/out. Sets up all that it needs, once.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source .ci/setup.sh

need_font() { need fonts-noto-cjk has_chinese_font; }

check_system need_build_tools need_font
make_venv .venv-examples
build_wheel
install_wheel .venv-examples

.venv-examples/bin/safetyrisk run examples/job.toml
echo "examples/out:"
ls -l examples/out
