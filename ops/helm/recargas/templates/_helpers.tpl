{{- define "recargas.name" -}}
{{- if contains "recargas" .Release.Name }}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{ else }}{{ printf "%s-recargas" (.Release.Name | trunc 31 | trimSuffix "-") }}{{ end -}}
{{- end }}

{{/* The three services by their keys in the values: the component names image and job of the metrics. */}}
{{- define "recargas.services" -}}
gateway: { component: api-gateway, port: 3000 }
ledger: { component: ledger, port: 3001 }
adapter: { component: carrier-adapter, port: 3002 }
{{- end }}

{{- define "recargas.operationsPort" -}}3010{{- end }}

{{/* Labels that choose pods; they never change. */}}
{{- define "recargas.selector" -}}
app.kubernetes.io/name: recargas
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "recargas.labels" -}}
{{ include "recargas.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end }}

{{- define "recargas.image" -}}
{{- $tag := .tag | default .root.Values.image.tag | default .root.Chart.AppVersion -}}
{{- $prefix := required "image.prefix is empty: give the registry and folder of your images, such as registry.example/recargas" .root.Values.image.prefix -}}
{{ printf "%s/%s:%s" $prefix .component $tag }}
{{- end }}

{{/* A value of a setting as the environment holds it: a whole number never becomes 1e+06. */}}
{{- define "recargas.value" -}}
{{- if kindIs "float64" . }}{{ printf "%.0f" . }}{{ else }}{{ toString . }}{{ end -}}
{{- end }}

{{/* A whole-number setting or its default: (dict "root" $ "service" "ledger" "name" "ACCEPT_UNTIL_MS"). */}}
{{- define "recargas.setting" -}}
{{- $defaults := .root.Files.Get "files/settings-defaults.json" | fromJson -}}
{{- $given := merge (dict) (get .root.Values.settings .service) .root.Values.settings.common -}}
{{- $known := merge (dict) (get $defaults .service) $defaults.common -}}
{{- include "recargas.value" (hasKey $given .name | ternary (get $given .name) (get $known .name)) -}}
{{- end }}

{{- define "recargas.podSecurity" -}}
runAsNonRoot: true
runAsUser: 1000
runAsGroup: 1000
fsGroup: 1000
seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- define "recargas.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
capabilities: { drop: [ALL] }
{{- end }}

{{/* One file for each secret of a map {NAME: {name, key}}, as the sources of a projected volume. */}}
{{- define "recargas.secretSources" -}}
{{- range $setting, $secret := . }}
{{- if $secret.name }}
- secret:
    name: {{ $secret.name }}
    items: [{ key: {{ $secret.key | quote }}, path: {{ $setting }} }]
{{- end }}
{{- end }}
{{- end }}

{{/* Environment variables that name those files. */}}
{{- define "recargas.secretFiles" -}}
{{- range $setting, $secret := . }}
{{- if $secret.name }}
- { name: {{ $setting }}_FILE, value: /run/secrets/recargas/{{ $setting }} }
{{- end }}
{{- end }}
{{- end }}

{{/* Options of `ops expired-backups`; empty: nothing is deleted. */}}
{{- define "recargas.backupKeep" -}}
{{- $options := list -}}
{{- range $period := list "last" "daily" "weekly" "monthly" -}}
{{- with get $ $period -}}
{{- $options = append $options (printf "--keep-%s %d" $period (int .)) -}}
{{- end -}}
{{- end -}}
{{- join " " $options -}}
{{- end }}
