#!/usr/bin/env bash
# Makes one backup, encrypts it for BACKUP_RECIPIENTS and sends it to BACKUP_DESTINATION. Nothing leaves the pod unencrypted, and an
# object is never overwritten. Where BACKUP_KEEP has numbers, older backups of this tool are deleted there after that, and nothing else is.
# The working folder is that of apps/ops; SCRATCH needs room for two backups.
set -euo pipefail

made="$SCRATCH/made"
trap 'rm -rf "$made"' EXIT

recipients=()
for recipient in $BACKUP_RECIPIENTS; do recipients+=(--recipient "$recipient"); done
if [ "${#recipients[@]}" = 0 ]; then
  echo 'BACKUP_RECIPIENTS is empty: a backup without a recipient would leave unencrypted' >&2
  exit 78
fi

rm -rf "$made"
node dist/main.js backup --dir "$made" "${recipients[@]}"
name=$(cd "$made" && ls)
storage=(--s3-no-check-bucket --contimeout 10s --timeout 5m --retries 3)
rclone copyto --immutable "${storage[@]}" "$made/$name" "$BACKUP_DESTINATION/$name"
echo "$BACKUP_DESTINATION/$name: $(wc -c <"$made/$name") bytes, encrypted for $((${#recipients[@]} / 2)) of age"

read -ra keep <<<"${BACKUP_KEEP:-}"
if [ "${#keep[@]}" != 0 ]; then
  rclone lsf --files-only "${storage[@]}" "$BACKUP_DESTINATION" >"$made/names"
  # Without the new one among them the list is not that of this storage.
  grep -qxF "$name" "$made/names"
  node dist/main.js expired-backups "${keep[@]}" <"$made/names" >"$made/expired"
  while read -r old; do
    rclone deletefile "${storage[@]}" "$BACKUP_DESTINATION/$old"
    echo "$BACKUP_DESTINATION/$old: deleted"
  done <"$made/expired"
fi
