{{/*
Names, labels and annotations of all objects.

Most of these take the root as it is: include "tekton-dag.fullname" $. Those that need more take a dict with the key root.
*/}}

{{- define "tekton-dag.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/*
The name of everything that is the release's own. As long as the name of a release may be: so it tells releases apart, and what
is appended to it fits into the 63 characters of a Service.
*/}}
{{- define "tekton-dag.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 53 | trimSuffix "-" }}
{{- else if contains (include "tekton-dag.name" .) .Release.Name }}
{{- .Release.Name | trunc 53 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "tekton-dag.name" .) | trunc 53 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "tekton-dag.chart" -}}
{{- printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* Account of the orchestrator and, by the same name, its Role, Deployment, Service and Lease. */}}
{{- define "tekton-dag.orchestratorAccount" -}}
{{- include "tekton-dag.fullname" . }}
{{- end }}

{{- define "tekton-dag.leaseName" -}}
{{- include "tekton-dag.fullname" . }}
{{- end }}

{{/* ConfigMap with teams and stacks. */}}
{{- define "tekton-dag.platformConfigMap" -}}
{{- printf "%s-platform" (include "tekton-dag.fullname" .) }}
{{- end }}

{{/* Name of a right in a namespace: several releases may have rights in one that is none of theirs. Takes root, name, namespace. */}}
{{- define "tekton-dag.rightsName" -}}
{{- $name := printf "%s-%s" (include "tekton-dag.fullname" .root) .name }}
{{- if eq .namespace .root.Release.Namespace }}{{ $name }}{{ else }}{{ printf "%s-%s" $name .root.Release.Namespace }}{{ end }}
{{- end }}

{{/* The program's image: by digest where one is given. */}}
{{- define "tekton-dag.image" -}}
{{- with .Values.image -}}
{{- $name := ternary (printf "%s/%s" .registry .repository) .repository (not (empty .registry)) }}
{{- if .digest }}{{ printf "%s@%s" $name .digest }}{{ else }}{{ printf "%s:%s" $name (default $.Chart.AppVersion .tag) }}{{ end }}
{{- end }}
{{- end }}

{{/* Value of imagePullSecrets, or nothing. Takes root, and secrets: more of them. */}}
{{- define "tekton-dag.imagePullSecrets" -}}
{{- with concat (default list .root.Values.imagePullSecrets) (default list .secrets) | uniq }}{{ toYaml . }}{{ end }}
{{- end }}

{{/* What selects pods, and nothing that may change between versions. Takes root and component. */}}
{{- define "tekton-dag.selectorLabels" -}}
app.kubernetes.io/name: {{ include "tekton-dag.name" .root | quote }}
app.kubernetes.io/instance: {{ .root.Release.Name | quote }}
app.kubernetes.io/component: {{ .component | quote }}
{{- end }}

{{/* Labels of an object. Takes root, component, and labels: those of the object alone. */}}
{{- define "tekton-dag.labels" -}}
{{- $own := include "tekton-dag.selectorLabels" . | fromYaml }}
{{- $_ := set $own "app.kubernetes.io/version" .root.Chart.AppVersion }}
{{- $_ := set $own "app.kubernetes.io/part-of" "tekton-dag" }}
{{- $_ := set $own "app.kubernetes.io/managed-by" .root.Release.Service }}
{{- $_ := set $own "helm.sh/chart" (include "tekton-dag.chart" .root) }}
{{- toYaml (merge $own (deepCopy (default dict .labels)) (deepCopy (default dict .root.Values.commonLabels))) }}
{{- end }}

{{/* When Argo CD makes the object; each wave waits until the one before is healthy. Takes the name of a stage. */}}
{{- define "tekton-dag.wave" -}}
{{- get (dict "namespaces" "-1" "rights" "0" "tasks" "1" "pipelines" "2" "triggers" "3" "service" "4") . | required (printf "no such stage: %s" .) }}
{{- end }}

{{/*
Annotations that keep an object when the release goes and when Argo CD prunes. One that the values no longer ask for does not
make the application OutOfSync for good.
*/}}
{{- define "tekton-dag.keep" -}}
helm.sh/resource-policy: keep
argocd.argoproj.io/compare-options: IgnoreExtraneous
argocd.argoproj.io/sync-options: Prune=false,Delete=false
{{- end }}

{{/* Annotations of an object. Takes root, stage (as tekton-dag.wave), keep, and annotations: those of the object alone. */}}
{{- define "tekton-dag.annotations" -}}
{{- $own := dict "argocd.argoproj.io/sync-wave" (include "tekton-dag.wave" .stage) }}
{{- if .keep }}{{ $own = merge $own (include "tekton-dag.keep" .root | fromYaml) }}{{ end }}
{{- toYaml (merge $own (deepCopy (default dict .annotations)) (deepCopy (default dict .root.Values.commonAnnotations))) }}
{{- end }}

{{/*
Content of metadata. Takes root, name, component and stage, and when there is need namespace (default: the release's;
"" for an object that has none), labels, annotations and keep.
*/}}
{{- define "tekton-dag.metadata" -}}
name: {{ .name | quote }}
{{- with ternary .namespace .root.Release.Namespace (hasKey . "namespace") }}
namespace: {{ . | quote }}
{{- end }}
labels: {{- include "tekton-dag.labels" . | nindent 2 }}
annotations: {{- include "tekton-dag.annotations" . | nindent 2 }}
{{- end }}

{{/* securityContext of pods, as Pod Security `restricted` asks for it. */}}
{{- define "tekton-dag.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{/* securityContext of containers. */}}
{{- define "tekton-dag.containerSecurityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
runAsUser: 65532
capabilities:
  drop: [ALL]
seccompProfile:
  type: RuntimeDefault
{{- end }}
