{{/* Names of what belongs to the EventListener. Its Service is named el-<name> by Tekton Triggers. */}}
{{- define "tekton-dag.eventListener" -}}
{{- include "tekton-dag.fullname" . }}
{{- end }}

{{- define "tekton-dag.eventListenerAccount" -}}
{{- printf "%s-event-listener" (include "tekton-dag.fullname" .) }}
{{- end }}
