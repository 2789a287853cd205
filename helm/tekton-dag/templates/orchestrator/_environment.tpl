{{/* What the orchestrator is told by its environment and by its files. */}}

{{/* A value as the text of an environment variable. A whole number may have come through YAML as a float. */}}
{{- define "tekton-dag.variableText" -}}
{{- if and (kindIs "float64" .) (eq . (floor .)) }}{{ int64 . }}{{ else if kindIs "slice" . }}{{ join "," . }}{{ else }}{{ . }}{{ end }}
{{- end }}

{{/* Whether the store is a database of its own: then there may be several replicas. Empty means no. */}}
{{- define "tekton-dag.hasPostgres" -}}
{{- with .Values.orchestrator.store.postgres.existingSecret }}true{{ end }}
{{- end }}

{{/* The most replicas that the values may lead to. */}}
{{- define "tekton-dag.mostReplicas" -}}
{{- with .Values.orchestrator }}{{ if .autoscaling.enabled }}{{ .autoscaling.maxReplicas }}{{ else }}{{ .replicas }}{{ end }}{{ end }}
{{- end }}

{{/* The variables that are the chart's to set, name to text. YAML. */}}
{{- define "tekton-dag.ownVariables" -}}
{{- $o := .Values.orchestrator -}}
TEKTON_DAG_LISTEN_HOST: 0.0.0.0
TEKTON_DAG_LISTEN_PORT: "8080"
TEKTON_DAG_METRICS_PORT: {{ .Values.metrics.port | quote }}
{{- /* With SQLite the next pod waits for the end of this one: the sooner the better. */}}
TEKTON_DAG_DRAIN_SECONDS: {{ ternary $o.drainSeconds 0 (eq (include "tekton-dag.hasPostgres" .) "true") | quote }}
TEKTON_DAG_PLATFORM_DIR: /etc/tekton-dag/platform
TEKTON_DAG_DEFAULT_NAMESPACE: {{ include "tekton-dag.defaultNamespace" . | quote }}
TEKTON_DAG_IMAGE: {{ include "tekton-dag.image" . | quote }}
TEKTON_DAG_LEASE_NAME: {{ include "tekton-dag.leaseName" . | quote }}
TEKTON_DAG_LEASE_NAMESPACE: {{ .Release.Namespace | quote }}
TEKTON_DAG_WEBHOOK_SECRET_FILE: /etc/tekton-dag/secrets/webhook/secret
TEKTON_DAG_WEBHOOK_SECRET_NEXT_FILE: /etc/tekton-dag/secrets/webhook/next
TEKTON_DAG_API_TOKEN_FILE: /etc/tekton-dag/secrets/api/token
TEKTON_DAG_TOKEN_REVIEW: {{ $o.api.tokenReview | quote }}
{{- /* For who runs the program's own commands in the pod. */}}
TEKTON_DAG_SERVER: http://127.0.0.1:8080
TEKTON_DAG_TOKEN_FILE: /etc/tekton-dag/secrets/api/token
{{- if include "tekton-dag.hasPostgres" . }}
TEKTON_DAG_STORE_URL_FILE: /etc/tekton-dag/secrets/store/url
{{- else }}
TEKTON_DAG_STORE_URL: sqlite:/var/lib/tekton-dag/tekton-dag.sqlite
{{- end }}
{{- if $o.webhook.namedSecrets }}
TEKTON_DAG_WEBHOOK_SECRETS_DIR: /etc/tekton-dag/secrets/webhooks
{{- end }}
{{- if $o.api.tokensSecret }}
TEKTON_DAG_API_TOKENS_FILE: /etc/tekton-dag/secrets/tokens/tokens.yaml
{{- end }}
{{- if $o.forges.existingSecret }}
TEKTON_DAG_FORGES_FILE: /etc/tekton-dag/forges/{{ $o.forges.key }}
{{- end }}
{{- if $o.eventSink.existingSecret }}
TEKTON_DAG_EVENTS_SINK_TOKEN_FILE: /etc/tekton-dag/secrets/event-sink/token
{{- end }}
{{- with $o.teamConfigMaps }}
{{- if .selector }}
TEKTON_DAG_TEAMS_CONFIGMAPS: {{ printf "%s/%s" (default $.Release.Namespace .namespace) .selector | quote }}
{{- end }}
{{- end }}
{{- if eq .Values.catalog.source "git" }}
TEKTON_DAG_CATALOG_URL: {{ .Values.catalog.url | quote }}
TEKTON_DAG_CATALOG_REVISION: {{ .Values.catalog.revision | quote }}
{{- end }}
{{- end }}

{{/* The environment of the orchestrator: own variables, settings and tracing by name, then what is added. */}}
{{- define "tekton-dag.environment" -}}
{{- $o := .Values.orchestrator -}}
- name: TEKTON_DAG_INSTANCE
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
{{- /* Another release may report on the same repository. */}}
{{- $defaults := dict "TEKTON_DAG_REPORT_NAME" (printf "tekton-dag/%s" .Values.name) }}
{{- range $name, $value := merge (include "tekton-dag.ownVariables" . | fromYaml) (default dict $o.settings) (default dict $o.tracing) $defaults }}
{{- if not (kindIs "invalid" $value) }}
- name: {{ $name | quote }}
  value: {{ include "tekton-dag.variableText" $value | quote }}
{{- end }}
{{- end }}
{{- with $o.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}
