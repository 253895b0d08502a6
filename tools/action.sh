#!/usr/bin/env bash
# What action.yml runs: compares two networks, puts a table into the summary of the check, and ends as 'occam compare' does: 0 where
# the new network may pass, 1 where a condition holds, 2 where something is wrong with the files. Inputs come as variables, so that
# nothing in them is taken for a command.
set -uo pipefail

occam=${OCCAM:-$(dirname -- "${BASH_SOURCE[0]}")/../occam}
folder=$(mktemp -d "${RUNNER_TEMP:-/tmp}/occam.XXXXXX") || exit 2
options=(--data "$OCCAM_DATA" --json "$folder/comparison.json" --markdown "$folder/summary.md")
[[ -z ${OCCAM_LIMIT:-} ]] || options+=(--limit "$OCCAM_LIMIT")
[[ -z ${OCCAM_MEASURES:-} ]] || options+=(--measures "$OCCAM_MEASURES")
while IFS= read -r condition; do
    [[ -z ${condition//[[:space:]]/} ]] || options+=(--fail-if "$condition")
done <<<"${OCCAM_FAIL_IF:-}"

"$occam" compare "${options[@]}" -- "$OCCAM_OLD" "$OCCAM_NEW"
status=$?
[[ ! -f $folder/summary.md || -z ${GITHUB_STEP_SUMMARY:-} ]] || cat -- "$folder/summary.md" >>"$GITHUB_STEP_SUMMARY"
[[ -z ${GITHUB_OUTPUT:-} ]] || printf 'json=%s\n' "$folder/comparison.json" >>"$GITHUB_OUTPUT"
exit "$status"
