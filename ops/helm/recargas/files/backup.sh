#!/usr/bin/env bash
# Makes one backup, encrypts it for BACKUP_RECIPIENTS and sends it to BACKUP_DESTINATION. Nothing leaves the pod unencrypted, and an
# object is never overwritten. The working folder is that of apps/ops; SCRATCH needs room for two backups.
set -euo pipefail

name="recargas-$(date -u +%Y%m%dT%H%M%SZ).tar.age"
plain="$SCRATCH/plain"
sealed="$SCRATCH/$name"
trap 'rm -rf "$plain" "$sealed"' EXIT

recipients=()
for recipient in $BACKUP_RECIPIENTS; do recipients+=(--recipient "$recipient"); done
if [ "${#recipients[@]}" = 0 ]; then
  echo 'BACKUP_RECIPIENTS is empty: a backup without a recipient would leave unencrypted' >&2
  exit 78
fi

rm -rf "$plain"
node dist/main.js backup "$plain"
tar -C "$plain" -cf - . | age "${recipients[@]}" --output "$sealed"
rm -rf "$plain"
rclone copyto --immutable --s3-no-check-bucket --contimeout 10s --timeout 5m --retries 3 "$sealed" "$BACKUP_DESTINATION/$name"
echo "$BACKUP_DESTINATION/$name: $(wc -c <"$sealed") bytes, encrypted for ${#recipients[@]} of age"
