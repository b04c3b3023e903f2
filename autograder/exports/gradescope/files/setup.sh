#!/usr/bin/env bash
# Gradescope runs this once, when it builds the image: a tested Python, and the packages of the lock.
set -euo pipefail
here="${AUTOGRADER:-/autograder}"
export DEBIAN_FRONTEND=noninteractive

apt-get update
python=""
for version in 3.13 3.12 3.11; do
    if apt-get install -y --no-install-recommends "python$version" "python$version-venv"; then
        python="python$version"
        break
    fi
done
if [ -z "$python" ]; then
    echo "no Python 3.11, 3.12 or 3.13 for this image: choose Ubuntu 22.04 or newer" >&2
    exit 1
fi
"$python" -m venv "$here/venv"
"$here/venv/bin/python" -m pip install --only-binary :all: --require-hashes --requirement "$here/source/requirements.lock"
