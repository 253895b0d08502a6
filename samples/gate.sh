#!/usr/bin/env bash
# Stops a pipeline where a new network's function is steeper, or its margins are smaller, than the old one's:
#   samples/gate.sh OLD.onnx NEW.onnx DATA
# Ends with 0 where the new network may pass, 1 where it may not, 2 where something is wrong with the files.
set -euo pipefail
(($# == 3)) || { echo "gate: give the old network, the new one, and data" >&2; exit 2; }

occam=$(command -v occam || echo "$(dirname -- "${BASH_SOURCE[0]}")/../occam")
exec "$occam" compare "$1" "$2" --data "$3" --limit 1000 --measures geometric-complexity,local-lipschitz,margin \
    --fail-if 'geometric-complexity > 1.2x' --fail-if 'local-lipschitz.maximum > 1.5x' --fail-if 'margin < -20%'
