{{/* Content of an Application's metadata. Takes root, name, wave and annotations. */}}
{{- define "team.applicationMetadata" -}}
{{- $annotations := dict "argocd.argoproj.io/sync-wave" .wave }}
{{- if eq .root.Values.removal "confirm" }}
{{- $_ := set $annotations "argocd.argoproj.io/sync-options" "Delete=confirm,Prune=confirm" }}
{{- end -}}
name: {{ .name | quote }}
namespace: {{ .root.Release.Namespace }}
labels:
  app.kubernetes.io/part-of: tekton-dag
  tekton-dag.io/team: {{ .root.Values.team | quote }}
annotations: {{- merge $annotations (default dict .annotations) | toYaml | nindent 2 }}
{{- if ne .root.Values.removal "keep" }}
# Its objects go with it, those that hold data excepted.
finalizers: [resources-finalizer.argocd.argoproj.io]
{{- end }}
{{- end }}

{{/* How the applications of a team are kept as Git has them. */}}
{{- define "team.syncPolicy" -}}
automated: { prune: true, selfHeal: true }
syncOptions: [ServerSideApply=true]
retry:
  limit: 5
  refresh: true
  backoff: { duration: 5s, factor: 2, maxDuration: 30s }
{{- end }}
