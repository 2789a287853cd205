{{/* Objects out of the files that `kubectl apply` takes, so that there is one source. */}}

{{/* The documents of a file. Takes root and file. JSON. */}}
{{- define "tekton-dag.documents" -}}
{{- $documents := list }}
{{- range regexSplit "(?m)^---[ \t]*$" (.root.Files.Get .file) -1 }}
{{- with fromYaml . }}{{ $documents = append $documents . }}{{ end }}
{{- end }}
{{- toJson $documents }}
{{- end }}

{{/*
An object of a file with the release's metadata. Takes what tekton-dag.metadata takes, and object; labels that the file has
stay, as far as the release has no others.
*/}}
{{- define "tekton-dag.placed" -}}
{{- $metadata := include "tekton-dag.metadata" (merge (dict "labels" .object.metadata.labels) .) | fromYaml }}
{{- toYaml (set (omit .object "metadata") "metadata" $metadata) }}
{{- end }}

{{/*
A Role or a RoleBinding under another name; the role that a binding refers to has the same one. Takes what
tekton-dag.placed takes, and subject and subjectNamespace: the account that gets the right.
*/}}
{{- define "tekton-dag.right" -}}
{{- $object := deepCopy .object }}
{{- if hasKey $object "roleRef" }}
{{- $_ := set $object.roleRef "name" .name }}
{{- $_ := set $object "subjects" (list (dict "kind" "ServiceAccount" "name" .subject "namespace" .subjectNamespace)) }}
{{- end }}
{{- include "tekton-dag.placed" (merge (dict "object" $object "stage" "rights") .) }}
{{- end }}

{{/* An account of a file. Takes what tekton-dag.placed takes. */}}
{{- define "tekton-dag.account" -}}
{{- $accounts := .root.Values.serviceAccounts }}
{{- $arguments := merge (dict "stage" "rights" "annotations" $accounts.annotations) . }}
{{- include "tekton-dag.placed" $arguments }}
{{- with include "tekton-dag.imagePullSecrets" (dict "root" .root "secrets" $accounts.imagePullSecrets) }}
imagePullSecrets: {{- . | nindent 2 }}
{{- end }}
{{- end }}
