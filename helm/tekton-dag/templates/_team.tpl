{{/*
The teams of the release and their stacks. Templates hand each other texts only, so what is a list or a map comes as JSON:
include "tekton-dag.teams" $ | fromJsonArray.
*/}}

{{/* files/team-rules.yaml: keys of a team, patterns and words, generated from the program's own. JSON. */}}
{{- define "tekton-dag.teamRules" -}}
{{- .Files.Get "files/team-rules.yaml" | fromYaml | toJson }}
{{- end }}

{{/* The team of the release as its values have it, and the namespace of the release. JSON. */}}
{{- define "tekton-dag.ownTeam" -}}
{{- $team := dict "namespace" .Release.Namespace }}
{{- range (include "tekton-dag.teamRules" . | fromJson).teamKeys }}
{{- $value := get $.Values . }}
{{- if and (ne . "namespace") (hasKey $.Values .) (not (kindIs "invalid" $value)) }}
{{- $_ := set $team . $value }}
{{- end }}
{{- end }}
{{- toJson $team }}
{{- end }}

{{/* All teams that the orchestrator serves, that of the release first. To them the cluster is the one they are in. JSON. */}}
{{- define "tekton-dag.teams" -}}
{{- $teams := list (omit (include "tekton-dag.ownTeam" . | fromJson) "cluster") }}
{{- range .Values.teams }}
{{- $teams = append $teams (merge (dict "namespace" $.Release.Namespace) (omit . "cluster")) }}
{{- end }}
{{- toJson $teams }}
{{- end }}

{{/* Text of a stack file, or nothing. Takes root and file. */}}
{{- define "tekton-dag.stackText" -}}
{{- $given := get (default dict .root.Values.stackFiles) .file }}
{{- if $given }}{{ $given }}{{ else }}{{ .root.Files.Get (printf "files/%s" .file) }}{{ end }}
{{- end }}

{{/* The stack files of all teams, each once. JSON. */}}
{{- define "tekton-dag.stackPaths" -}}
{{- $paths := list }}
{{- range include "tekton-dag.teams" . | fromJsonArray }}
{{- $paths = concat $paths (default list .stacks) }}
{{- end }}
{{- $paths | uniq | sortAlpha | toJson }}
{{- end }}

{{/* Key of a stack file in a ConfigMap: a.stack.yaml for stacks/a.yaml, by which an orchestrator knows it (docs/routing.md). */}}
{{- define "tekton-dag.stackKey" -}}
{{- if regexMatch "^stacks/[^/]+[.]ya?ml$" . }}
{{- printf "%s.stack.yaml" (. | trimPrefix "stacks/" | trimSuffix ".yaml" | trimSuffix ".yml") }}
{{- else }}
{{- . | replace "/" "__" }}
{{- end }}
{{- end }}

{{/* Keys of the platform's ConfigMap and the paths that the orchestrator reads them at. YAML, as items of a volume has it. */}}
{{- define "tekton-dag.platformItems" -}}
{{- $items := list }}
{{- range include "tekton-dag.teams" . | fromJsonArray }}
{{- $items = append $items (dict "key" (printf "%s.team.yaml" .name) "path" (printf "teams/%s/team.yaml" .name)) }}
{{- end }}
{{- range include "tekton-dag.stackPaths" . | fromJsonArray }}
{{- $items = append $items (dict "key" (include "tekton-dag.stackKey" .) "path" .) }}
{{- end }}
{{- toYaml $items }}
{{- end }}

{{/* Namespace of apps whose stack names none. */}}
{{- define "tekton-dag.defaultNamespace" -}}
{{- default .Release.Namespace .Values.apps.defaultNamespace }}
{{- end }}

{{/*
What this chart needs of a stack file: apps, each with name, repo and the namespace that it ends up in, and problem: why there
are none. The whole of it is the program's to check. Takes root and file. JSON.
*/}}
{{- define "tekton-dag.stack" -}}
{{- $content := include "tekton-dag.stackText" . | fromYaml }}
{{- $defaults := ternary $content.defaults dict (kindIs "map" $content.defaults) }}
{{- $default := get $defaults "namespace" | default (include "tekton-dag.defaultNamespace" .root) }}
{{- $apps := list }}
{{- $bad := not (kindIs "slice" $content.apps) }}
{{- range ternary list $content.apps $bad }}
{{- $app := ternary . dict (kindIs "map" .) }}
{{- $app = dict "name" (get $app "name") "repo" (get $app "repo") "namespace" (get $app "namespace" | default $default) }}
{{- range $value := values $app }}{{ if not (and $value (kindIs "string" $value)) }}{{ $bad = true }}{{ end }}{{ end }}
{{- $apps = append $apps $app }}
{{- end }}
{{- $reason := ternary "it has no list of apps with name and repo" (default "" $content.Error | replace "\n" " ") (empty $content.Error) }}
{{- dict "apps" (ternary list $apps $bad) "problem" (ternary $reason "" $bad) | toJson }}
{{- end }}

{{/* Every namespace that apps run in. JSON. */}}
{{- define "tekton-dag.appsNamespaces" -}}
{{- $namespaces := default list .Values.apps.namespaces }}
{{- range include "tekton-dag.stackPaths" . | fromJsonArray }}
{{- range (include "tekton-dag.stack" (dict "root" $ "file" .) | fromJson).apps }}
{{- $namespaces = append $namespaces .namespace }}
{{- end }}
{{- end }}
{{- $namespaces | uniq | sortAlpha | toJson }}
{{- end }}

{{/* The intercept backends of the teams that need rights of their own. JSON. */}}
{{- define "tekton-dag.interceptBackends" -}}
{{- $backends := list }}
{{- range include "tekton-dag.teams" . | fromJsonArray }}
{{- $backends = append $backends (default "gateway" .interceptBackend) }}
{{- end }}
{{- without ($backends | uniq | sortAlpha) "gateway" | toJson }}
{{- end }}

{{/* The claims that teams name for downloads of build tools. JSON. */}}
{{- define "tekton-dag.buildCacheClaims" -}}
{{- $claims := list }}
{{- range include "tekton-dag.teams" . | fromJsonArray }}
{{- $claims = append $claims .buildCacheClaim }}
{{- end }}
{{- $claims | compact | uniq | toJson }}
{{- end }}
