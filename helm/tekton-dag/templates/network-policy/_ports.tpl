{{/* Ports that the orchestrator has to reach, from the values. */}}

{{/* The port of an http or https URL. */}}
{{- define "tekton-dag.portOfUrl" -}}
{{- $url := urlParse . }}
{{- $port := regexFind "[0-9]+$" (regexFind ":[0-9]+$" $url.host) }}
{{- default (ternary "443" "80" (eq $url.scheme "https")) $port }}
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
{{- range list $o.settings.TEKTON_DAG_EVENTS_SINK_URL $o.settings.TEKTON_DAG_OIDC_ISSUER $o.tracing.OTEL_EXPORTER_OTLP_ENDPOINT $o.tracing.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT }}
{{- with . }}{{ $ports = append $ports (include "tekton-dag.portOfUrl" .) }}{{ end }}
{{- end }}
{{- $ports | uniq | toJson }}
{{- end }}

{{/* Labels of every pod of the release, and of no pod of a run. */}}
{{- define "tekton-dag.releaseLabels" -}}
app.kubernetes.io/name: {{ include "tekton-dag.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}
