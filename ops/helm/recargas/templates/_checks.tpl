{{/* Refuses values that no schema can refuse: an installation that lacks something ends here, with a sentence. */}}
{{- define "recargas.checks" -}}
{{- $values := .Values -}}
{{- $sources := dict
  "common.SERVICE_TOKEN" "the token that opens the internal routes of ledger and adapter"
  "gateway.AMQP_URL" "the gateway's RabbitMQ address"
  "ledger.AMQP_URL" "the ledger's RabbitMQ address"
  "ledger.MONGODB_URI" "the ledger's MongoDB address"
  "adapter.AMQP_URL" "the adapter's RabbitMQ address"
  "adapter.MONGODB_URI" "the adapter's MongoDB address"
  "adapter.TPAGA_API_KEY" "the carrier's key" -}}
{{- range $path, $meaning := $sources }}
{{- $parts := splitList "." $path -}}
{{- $secret := get (get $values.secrets (first $parts)) (last $parts) -}}
{{- if not $secret.name }}
{{- fail (printf "secrets.%s.name is empty: name the Secret whose key %q holds %s" $path $secret.key $meaning) }}
{{- end }}
{{- end }}
{{- if eq (empty $values.secrets.gateway.JWT_SECRET.name) (empty $values.settings.gateway.JWT_JWKS_URI) }}
{{- fail "give either secrets.gateway.JWT_SECRET.name or settings.gateway.JWT_JWKS_URI, and not both: the gateway checks tokens with one of them" }}
{{- end }}
{{- if eq (empty $values.catalogue.text) (empty $values.catalogue.existingConfigMap) }}
{{- fail "give either catalogue.text (--set-file catalogue.text=catalogue.json) or catalogue.existingConfigMap, and not both" }}
{{- end }}
{{- $accept := include "recargas.setting" (dict "root" . "service" "gateway" "name" "ACCEPT_UNTIL_MS") -}}
{{- $limit := include "recargas.setting" (dict "root" . "service" "ledger" "name" "ACCEPT_UNTIL_MS") -}}
{{- if gt (int64 $accept) (int64 $limit) }}
{{- fail (printf "settings.gateway.ACCEPT_UNTIL_MS is %s and the ledger's is %s: the ledger would refuse every sale as expired" $accept $limit) }}
{{- end }}
{{- $skew := include "recargas.setting" (dict "root" . "service" "gateway" "name" "CLOCK_SKEW_MS") -}}
{{- range list "ledger" "adapter" }}
{{- $own := include "recargas.setting" (dict "root" $ "service" . "name" "CLOCK_SKEW_MS") -}}
{{- if ne $skew $own }}
{{- fail (printf "settings.%s.CLOCK_SKEW_MS is %s and the gateway's is %s: all three services need the same" . $own $skew) }}
{{- end }}
{{- end }}
{{- if and $values.ingress.enabled (not $values.ingress.tlsSecret) }}
{{- fail "ingress.tlsSecret is empty: tokens and phone numbers travel by https only, so name the Secret with the certificate" }}
{{- end }}
{{- if and $values.ingress.enabled (not $values.ingress.hosts) }}
{{- fail "ingress.hosts is empty: give the host names that the tills call" }}
{{- end }}
{{- if and $values.monitoring.enabled (not $values.monitoring.runbookBaseUrl) }}
{{- fail "monitoring.runbookBaseUrl is empty: every alert names its runbook by that address" }}
{{- end }}
{{- if $values.keda.enabled }}
{{- if not $values.keda.managementUrl.name }}
{{- fail "keda.managementUrl.name is empty: name the Secret with the address of RabbitMQ's management" }}
{{- end }}
{{- range list "ledger" "adapter" }}
{{- if hasKey (get $values .) "replicas" }}
{{- fail (printf "%s.replicas and keda.enabled exclude each other: KEDA owns the number of replicas, from keda.%s.min to keda.%s.max" . . .) }}
{{- end }}
{{- $scale := get $values.keda . -}}
{{- if gt (int64 $scale.min) (int64 $scale.max) }}
{{- fail (printf "keda.%s.min is above keda.%s.max" . .) }}
{{- end }}
{{- end }}
{{- end }}
{{- if $values.backup.enabled }}
{{- if not $values.backup.recipients }}
{{- fail "backup.recipients is empty: a backup leaves the cluster encrypted for a public key of age, or not at all" }}
{{- end }}
{{- if not $values.backup.destination }}
{{- fail "backup.destination is empty: give <remote>:<bucket>/<folder> of rclone.conf" }}
{{- end }}
{{- range $name, $secret := $values.backup.secrets }}
{{- if not $secret.name }}
{{- fail (printf "backup.secrets.%s.name is empty: name the Secret whose key %q holds it" $name $secret.key) }}
{{- end }}
{{- end }}
{{- end }}
{{- if $values.smokeSale.enabled }}
{{- range list "operator" "number" "amount" "user" }}
{{- if not (get $values.smokeSale .) }}
{{- fail (printf "smokeSale.%s is empty: helm test sells one top-up of a shop of your own" .) }}
{{- end }}
{{- end }}
{{- if not $values.smokeSale.token.name }}
{{- fail "smokeSale.token.name is empty: name the Secret with a token of the person who sells" }}
{{- end }}
{{- end }}
{{- if $values.checkSecrets }}{{ include "recargas.secretChecks" . }}{{ end }}
{{- end }}

{{/* Refuses to install where a Secret or a key is missing: its pods would wait for it without an end. Only a control plane
     knows its Secrets. Without one, as in helm template, lookup answers nothing, and nothing is refused. */}}
{{- define "recargas.secretChecks" -}}
{{- $values := .Values -}}
{{- $wanted := dict "databaseCa" $values.databaseCa -}}
{{- range $part, $secrets := $values.secrets }}
{{- range $setting, $secret := $secrets }}
{{- $_ := set $wanted (printf "secrets.%s.%s" $part $setting) $secret }}
{{- end }}
{{- end }}
{{- if $values.keda.enabled }}
{{- $_ := set $wanted "keda.managementUrl" $values.keda.managementUrl }}
{{- end }}
{{- if $values.backup.enabled }}
{{- range $setting, $secret := $values.backup.secrets }}
{{- $_ := set $wanted (printf "backup.secrets.%s" $setting) $secret }}
{{- end }}
{{- end }}
{{- $answer := lookup "v1" "Secret" .Release.Namespace "" -}}
{{- if hasKey $answer "items" }}
{{- $there := dict -}}
{{- range $answer.items }}
{{- $_ := set $there .metadata.name (.data | default dict) }}
{{- end }}
{{- $namespace := .Release.Namespace -}}
{{- $missing := list -}}
{{- range $path, $secret := $wanted }}
{{- if $secret.name }}
{{- if not (hasKey $there $secret.name) }}
{{- $missing = append $missing (printf "%s names Secret %q, which is not there" $path $secret.name) }}
{{- else if not (hasKey (get $there $secret.name) $secret.key) }}
{{- $missing = append $missing (printf "%s names key %q, which Secret %q does not have" $path $secret.key $secret.name) }}
{{- end }}
{{- end }}
{{- end }}
{{- if $missing }}
{{- fail (printf "namespace %q lacks secrets: %s" $namespace (join "; " $missing)) }}
{{- end }}
{{- end }}
{{- end }}
