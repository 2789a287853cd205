{{/* The Service that is scraped, and so the label job of what it tells. */}}
{{- define "tekton-dag.metricsName" -}}
{{- printf "%s-metrics" (include "tekton-dag.fullname" . | trunc 55 | trimSuffix "-") }}
{{- end }}

{{/* The rules of files/alerts.yaml for this release: its namespace, its job, its runbook. YAML. */}}
{{- define "tekton-dag.alertGroups" -}}
{{- $text := .Files.Get "files/alerts.yaml" }}
{{- $text = $text | replace "namespace=\"tekton-dag\"" (printf "namespace=%q" .Release.Namespace) }}
{{- $text = $text | replace "job=\"tekton-dag-metrics\"" (printf "job=%q" (include "tekton-dag.metricsName" .)) }}
{{- $groups := (fromYaml $text).groups }}
{{- range $groups }}
{{- $_ := set . "name" (printf "%s.%s" (include "tekton-dag.fullname" $) .name) }}
{{- range .rules }}
{{- /* Whom it is for: a sum has no labels of what it was made of. */}}
{{- $_ := set .labels "namespace" $.Release.Namespace }}
{{- $_ := set .annotations "runbook_url" (printf "%s#%s" $.Values.metrics.alerts.runbookUrl (lower .alert)) }}
{{- end }}
{{- end }}
{{- toYaml $groups }}
{{- end }}
