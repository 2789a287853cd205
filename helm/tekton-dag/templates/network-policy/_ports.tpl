{{/* Ports that the orchestrator has to reach, from the values. */}}

{{/* The port of an http or https URL. (urlParse would fail on what the program has better words for.) */}}
{{- define "tekton-dag.portOfUrl" -}}
{{- $authority := regexReplaceAll "^https?://([^/?#]*@)?" . "" | regexFind "^[^/?#]*" }}
{{- default (ternary "443" "80" (hasPrefix "https:" .)) (regexFind ":[0-9]+$" $authority | trimPrefix ":") }}
{{- end }}

{{/* Each port once, as a list of texts. JSON. */}}
{{- define "tekton-dag.egressPorts" -}}
{{- $o := .Values.orchestrator }}
{{- $ports := list }}
{{- range .Values.networkPolicy.egressPorts }}
{{- $ports = append $ports (include "tekton-dag.variableText" .) }}
{{- end }}
{{- if include "tekton-dag.hasPostgres" . }}
{{- $ports = append $ports (include "tekton-dag.variableText" $o.store.postgres.port) }}
{{- end }}
{{- $told := merge (dict) (default dict $o.settings) (default dict $o.tracing) }}
{{- range list "TEKTON_DAG_EVENTS_SINK_URL" "TEKTON_DAG_OIDC_ISSUER" "OTEL_EXPORTER_OTLP_ENDPOINT" "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT" }}
{{- with get $told . }}{{ $ports = append $ports (include "tekton-dag.portOfUrl" .) }}{{ end }}
{{- end }}
{{- $ports | uniq | toJson }}
{{- end }}

{{/* Labels of every pod of the release, and of no pod of a run. */}}
{{- define "tekton-dag.releaseLabels" -}}
app.kubernetes.io/name: {{ include "tekton-dag.name" . | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end }}
