{{/*
What the folders of teams say. Other teams' files may be broken: what cannot be read there counts as not said.
Only team.yaml and the stack files count, which the platform reviews: a team writes its values.yaml by itself.
Templates hand each other texts only, so what is a list or a map comes as JSON.
*/}}

{{/* A file as a map; with the key Error when it is none. Takes root and path. */}}
{{- define "team.read" -}}
{{- .root.Files.Get (printf "files/%s" .path) | fromYaml | toJson }}
{{- end }}

{{/* A text, or nothing when it is something else. */}}
{{- define "team.text" -}}
{{- if kindIs "string" . }}{{ . }}{{ end }}
{{- end }}

{{/* Where a team's release goes, and its stacks: cluster, namespace and paths. Takes root and team. JSON. */}}
{{- define "team.place" -}}
{{- $file := include "team.read" (dict "root" .root "path" (printf "teams/%s/team.yaml" .team)) | fromJson }}
{{- $cluster := include "team.text" $file.cluster | default "in-cluster" }}
{{- $namespace := include "team.text" $file.namespace }}
{{- $stacks := list }}
{{- range ternary $file.stacks (list) (kindIs "slice" $file.stacks) }}
{{- $stacks = append $stacks (include "team.text" .) }}
{{- end }}
{{- dict "cluster" $cluster "namespace" $namespace "stacks" $stacks | toJson }}
{{- end }}

{{/* The other teams whose releases go to the same cluster: folder to place. JSON. */}}
{{- define "team.neighbours" -}}
{{- $own := include "team.place" (dict "root" . "team" .Values.team) | fromJson }}
{{- $neighbours := dict }}
{{- range $path, $_ := .Files.Glob "files/teams/*/team.yaml" }}
{{- $name := base (dir $path) }}
{{- if ne $name $.Values.team }}
{{- $place := include "team.place" (dict "root" $ "team" $name) | fromJson }}
{{- if eq $place.cluster $own.cluster }}{{ $_ := set $neighbours $name $place }}{{ end }}
{{- end }}
{{- end }}
{{- toJson $neighbours }}
{{- end }}

{{/* The namespaces of the apps of a stack file. Takes root, path, and namespace: that of apps which name none. JSON. */}}
{{- define "team.namespacesOfStack" -}}
{{- $stack := include "team.read" . | fromJson }}
{{- $defaults := ternary $stack.defaults (dict) (kindIs "map" $stack.defaults) }}
{{- $shared := include "team.text" $defaults.namespace | default .namespace }}
{{- $namespaces := list }}
{{- range ternary $stack.apps (list) (kindIs "slice" $stack.apps) }}
{{- $app := ternary . (dict) (kindIs "map" .) }}
{{- $namespaces = append $namespaces (include "team.text" $app.namespace | default $shared) }}
{{- end }}
{{- $namespaces | uniq | toJson }}
{{- end }}

{{/* What the files say of texts and namespaces, as `team validate` and the release do. JSON. */}}
{{- define "team.rules" -}}
{{- include "team.read" (dict "root" . "path" "team-rules.yaml") }}
{{- end }}

{{/* Whether no team may have the namespace: "true" or nothing. Takes rules and namespace. */}}
{{- define "team.isReserved" -}}
{{- $namespace := .namespace }}
{{- range .rules.reservedNamespaces }}
{{- if regexMatch . $namespace }}true{{ end }}
{{- end }}
{{- end }}

{{/*
The namespaces that the team gets: that of its release, and those of its apps that are no other release's. What is no name
of a namespace gets nowhere: a project reads "*" as all of them. Takes root and neighbours. JSON.
*/}}
{{- define "team.namespaces" -}}
{{- $root := .root }}
{{- $rules := include "team.rules" $root | fromJson }}
{{- $own := include "team.place" (dict "root" $root "team" $root.Values.team) | fromJson }}
{{- $foreign := list }}
{{- range .neighbours }}{{ $foreign = append $foreign .namespace }}{{ end }}
{{- $namespaces := list }}
{{- range $own.stacks }}
{{- $request := dict "root" $root "path" . "namespace" $own.namespace }}
{{- range include "team.namespacesOfStack" $request | fromJsonArray }}
{{- $isFree := not (or (has . $foreign) (include "team.isReserved" (dict "rules" $rules "namespace" .))) }}
{{- if and $isFree (regexMatch $rules.formats.label.allow .) }}{{ $namespaces = append $namespaces . }}{{ end }}
{{- end }}
{{- end }}
{{- prepend (sortAlpha $namespaces) $own.namespace | uniq | toJson }}
{{- end }}

{{/* Those of them that this team makes: its release's, and of those that teams share the first by name makes it. JSON. */}}
{{- define "team.ownNamespaces" -}}
{{- $root := . }}
{{- $neighbours := include "team.neighbours" . | fromJson }}
{{- $own := list }}
{{- range $namespace := include "team.namespaces" (dict "root" . "neighbours" $neighbours) | fromJsonArray }}
{{- $madeBy := $root.Values.team }}
{{- range $name, $place := $neighbours }}
{{- if lt $name $madeBy }}
{{- $request := dict "root" $root "place" $place "namespace" $namespace }}
{{- if include "team.hasApps" $request }}{{ $madeBy = $name }}{{ end }}
{{- end }}
{{- end }}
{{- if eq $madeBy $root.Values.team }}{{ $own = append $own $namespace }}{{ end }}
{{- end }}
{{- toJson $own }}
{{- end }}

{{/* Whether a team's stacks have an app in the namespace: "true" or nothing. Takes root, place and namespace. */}}
{{- define "team.hasApps" -}}
{{- $root := .root }}
{{- $namespace := .namespace }}
{{- range .place.stacks }}
{{- /* Reading a stack is dear where there are a thousand; most do not have the word. */}}
{{- if contains $namespace ($root.Files.Get (printf "files/%s" .)) }}
{{- $request := dict "root" $root "path" . "namespace" "" }}
{{- if has $namespace (include "team.namespacesOfStack" $request | fromJsonArray) }}true{{ end }}
{{- end }}
{{- end }}
{{- end }}

{{/* Taps of these backends need what only `privileged` admits, or their agents do. */}}
{{- define "team.podSecurity" -}}
{{- $file := include "team.read" (dict "root" . "path" (printf "teams/%s/team.yaml" .Values.team)) | fromJson }}
{{- $isPrivileged := has (include "team.text" $file.interceptBackend) (list "mirrord" "telepresence") }}
{{- ternary "privileged" .Values.podSecurity (and $isPrivileged (ne .Values.podSecurity "")) }}
{{- end }}
