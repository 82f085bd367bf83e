#!/usr/bin/env bash
# Measures Tclr on a machine with a CUDA GPU and a Python install of PyTorch; needs no .NET.
# usage: run.sh [--out FOLDER] [--no-peer] [PART...]     parts: checks ceilings loss training (all of them if none is named)
# It lies beside tclr-gpu and libLibTorchSharp.so, as './build.sh gpu' puts them into artifacts/gpu.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=$here/results peer=true parts=()
while [ $# -gt 0 ]; do
  case "$1" in
    --out) out=${2:?--out needs a folder}; shift 2 ;;
    --no-peer) peer=false; shift ;;
    *) parts+=("$1"); shift ;;
  esac
done

python=${TCLR_PYTHON:-python3}
folders=$("$python" - <<'PY'
import glob, os, sys
try:
    import torch
except ImportError:
    sys.exit("run.sh: PyTorch is not installed for " + sys.executable + "; name another Python in TCLR_PYTHON")
lib = os.path.join(os.path.dirname(torch.__file__), "lib")
site = os.path.dirname(os.path.dirname(torch.__file__))
print(":".join([lib, *sorted(glob.glob(os.path.join(site, "nvidia", "*", "lib")))]))
PY
)
export LD_LIBRARY_PATH="$folders${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
export DOTNET_BUNDLE_EXTRACT_BASE_DIR="${DOTNET_BUNDLE_EXTRACT_BASE_DIR:-${TMPDIR:-/tmp}/tclr-gpu}"
mkdir -p "$out"
status=0
echo "== Machine"
nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader 2>/dev/null || true
"$python" -c 'import torch; print("PyTorch", torch.__version__, "CUDA", torch.version.cuda)'
echo "== Tclr"
"$here/tclr-gpu" "${parts[@]}" --out="$out/tclr.jsonl" || status=$?
if $peer; then
  echo "== PyTorch"
  "$python" "$here/peer.py" --out "$out/peer.jsonl" "${parts[@]}" || status=$?
fi
echo "== Results in $out"
exit $status
