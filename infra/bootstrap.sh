#!/bin/sh
# Makes one locked environment on a machine that has only python3 (3.11 or newer) and a package registry.
#   infra/bootstrap.sh PROJECT ENVIRONMENT    syncs PROJECT/uv.lock into ENVIRONMENT
# uv itself is installed into .tools/, pinned, so nothing outside this folder is touched.
# Says one line and exits with 1 when it cannot; what the installers said is in .tools/install.log.
set -eu

UV_VERSION=0.13.9
PYTHON=${PYTHON:-python3}
TIMEOUT_SECONDS=30
project=$1
environment=$2

cd "$(dirname "$0")/.."
root=$PWD
log=$root/.tools/install.log

fail() {
    echo "error: $1" >&2
    exit 1
}

check_python() {
    command -v "$PYTHON" >/dev/null 2>&1 || fail "$PYTHON is not installed; Python 3.11 or newer is needed"
    "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
        fail "$PYTHON is $("$PYTHON" -V 2>&1); Python 3.11 or newer is needed (make PYTHON=... names another)"
    "$PYTHON" -c 'import venv, ensurepip' 2>/dev/null ||
        fail "$PYTHON has no venv module (on Debian and Ubuntu: apt-get install python3-venv)"
}

fail_download() {
    fail "could not download the packages (no network?); see .tools/install.log"
}

uv_is_here() {
    .tools/bin/python -c '' 2>/dev/null || return 1
    case "$(.tools/bin/uv --version 2>/dev/null)" in "uv $UV_VERSION"*) return 0 ;; *) return 1 ;; esac
}

install_uv() {
    rm -rf .tools/bin .tools/include .tools/lib .tools/lib64 .tools/pyvenv.cfg
    "$PYTHON" -m venv .tools >>"$log" 2>&1 || fail "could not make .tools; see .tools/install.log"
    .tools/bin/python -m pip install --quiet --disable-pip-version-check --retries 1 \
        --timeout "$TIMEOUT_SECONDS" "uv==$UV_VERSION" >>"$log" 2>&1 || fail_download
}

sync_environment() {
    echo "installing the locked packages into $environment"
    # Never a downloaded Python: the one that is here runs everything.
    # The machine's own certificates are trusted, as pip does: a company's proxy has one.
    UV_PYTHON_DOWNLOADS=never UV_SYSTEM_CERTS=1 UV_NO_PROGRESS=1 UV_HTTP_TIMEOUT=$TIMEOUT_SECONDS \
        UV_PROJECT_ENVIRONMENT=$root/$environment \
        .tools/bin/uv sync --frozen --project "$project" --python .tools/bin/python >>"$log" 2>&1 || fail_download
    touch "$environment/.ready"
}

check_python
mkdir -p .tools
: >"$log"
uv_is_here || install_uv
sync_environment
