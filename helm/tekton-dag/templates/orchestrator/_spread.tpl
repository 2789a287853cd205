{{/* What the values say of the spread; else, of several replicas, as far apart as can be. YAML, or nothing. */}}
{{- define "tekton-dag.topologySpread" -}}
{{- $given := .Values.orchestrator.topologySpreadConstraints }}
{{- if not (kindIs "invalid" $given) }}
{{- if $given }}{{ toYaml $given }}{{ end }}
{{- else if gt (int (include "tekton-dag.mostReplicas" .)) 1 }}
{{- $labels := include "tekton-dag.selectorLabels" (dict "root" . "component" "orchestrator") | fromYaml }}
{{- $constraints := list }}
{{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
{{- $constraints = append $constraints (dict "maxSkew" 1 "topologyKey" . "whenUnsatisfiable" "ScheduleAnyway" "labelSelector" (dict "matchLabels" $labels)) }}
{{- end }}
{{- toYaml $constraints }}
{{- end }}
{{- end }}
