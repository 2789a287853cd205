{{/*
What the folders of teams say. Other teams' files may be broken: what cannot be read there counts as not said.
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

{{/* Where a team's release goes: cluster and namespace. Takes root and team. */}}
{{- define "team.place" -}}
{{- $file := include "team.read" (dict "root" .root "path" (printf "teams/%s/team.yaml" .team)) | fromJson }}
{{- $cluster := include "team.text" $file.cluster | default "in-cluster" }}
{{- $namespace := include "team.text" $file.namespace }}
{{- dict "cluster" $cluster "namespace" $namespace | toJson }}
{{- end }}

{{/* The stacks of a team as maps. Takes root and team. JSON. */}}
{{- define "team.stacks" -}}
{{- $root := .root }}
{{- $file := include "team.read" (dict "root" $root "path" (printf "teams/%s/team.yaml" .team)) | fromJson }}
{{- $values := include "team.read" (dict "root" $root "path" (printf "teams/%s/values.yaml" .team)) | fromJson }}
{{- $given := ternary $values.stackFiles (dict) (kindIs "map" $values.stackFiles) }}
{{- $stacks := list }}
{{- range ternary $file.stacks (list) (kindIs "slice" $file.stacks) }}
{{- $path := include "team.text" . }}
{{- $text := include "team.text" (get $given $path) }}
{{- $stacks = append $stacks (ternary ($text | fromYaml) (include "team.read" (dict "root" $root "path" $path) | fromJson) (ne $text "")) }}
{{- end }}
{{- toJson $stacks }}
{{- end }}

{{/* The namespaces of a team's apps, as its release finds them. Takes root and team. JSON. */}}
{{- define "team.appsNamespaces" -}}
{{- $values := include "team.read" (dict "root" .root "path" (printf "teams/%s/values.yaml" .team)) | fromJson }}
{{- $place := include "team.place" . | fromJson }}
{{- $apps := ternary $values.apps (dict) (kindIs "map" $values.apps) }}
{{- $default := include "team.text" $apps.defaultNamespace | default $place.namespace }}
{{- $namespaces := ternary $apps.namespaces (list) (kindIs "slice" $apps.namespaces) }}
{{- range include "team.stacks" . | fromJsonArray }}
{{- $defaults := ternary .defaults (dict) (kindIs "map" .defaults) }}
{{- $shared := include "team.text" $defaults.namespace | default $default }}
{{- range ternary .apps (list) (kindIs "slice" .apps) }}
{{- $app := ternary . (dict) (kindIs "map" .) }}
{{- $namespaces = append $namespaces (include "team.text" $app.namespace | default $shared) }}
{{- end }}
{{- end }}
{{- $found := list }}
{{- range $namespaces }}
{{- $found = append $found (include "team.text" .) }}
{{- end }}
{{- without ($found | uniq | sortAlpha) "" | toJson }}
{{- end }}

{{/* The folders of the other teams whose release goes to the same cluster, in order. JSON. */}}
{{- define "team.neighbours" -}}
{{- $own := include "team.place" (dict "root" . "team" .Values.team) | fromJson }}
{{- $names := list }}
{{- range $path, $_ := .Files.Glob "files/teams/*/team.yaml" }}
{{- $name := base (dir $path) }}
{{- $place := include "team.place" (dict "root" $ "team" $name) | fromJson }}
{{- if and (ne $name $.Values.team) (eq $place.cluster $own.cluster) }}{{ $names = append $names $name }}{{ end }}
{{- end }}
{{- $names | sortAlpha | toJson }}
{{- end }}

{{/* The namespaces of other teams' releases on the same cluster. JSON. */}}
{{- define "team.foreignNamespaces" -}}
{{- $foreign := list }}
{{- range include "team.neighbours" . | fromJsonArray }}
{{- $foreign = append $foreign (include "team.place" (dict "root" $ "team" .) | fromJson).namespace }}
{{- end }}
{{- without ($foreign | uniq) "" | toJson }}
{{- end }}

{{/* Whether no team may have the namespace: "true" or nothing. Takes root and namespace. */}}
{{- define "team.isReserved" -}}
{{- $namespace := .namespace }}
{{- range (include "team.read" (dict "root" .root "path" "team-rules.yaml") | fromJson).reservedNamespaces }}
{{- if regexMatch . $namespace }}true{{ end }}
{{- end }}
{{- end }}

{{/* The namespaces that the team gets: that of its release, and those of its apps that belong to nobody else. JSON. */}}
{{- define "team.namespaces" -}}
{{- $own := include "team.place" (dict "root" . "team" .Values.team) | fromJson }}
{{- $foreign := include "team.foreignNamespaces" . | fromJsonArray }}
{{- $namespaces := list $own.namespace }}
{{- range include "team.appsNamespaces" (dict "root" . "team" .Values.team) | fromJsonArray }}
{{- if not (or (has . $foreign) (include "team.isReserved" (dict "root" $ "namespace" .))) }}
{{- $namespaces = append $namespaces . }}
{{- end }}
{{- end }}
{{- $namespaces | uniq | toJson }}
{{- end }}

{{/* Those of them that this team makes: its release's, and of those that teams share the first by name makes it. JSON. */}}
{{- define "team.ownNamespaces" -}}
{{- $release := (include "team.place" (dict "root" . "team" .Values.team) | fromJson).namespace }}
{{- $shared := include "team.namespaces" . | fromJsonArray }}
{{- range $neighbour := include "team.neighbours" . | fromJsonArray }}
{{- if lt $neighbour $.Values.team }}
{{- range include "team.appsNamespaces" (dict "root" $ "team" $neighbour) | fromJsonArray }}{{ $shared = without $shared . }}{{ end }}
{{- end }}
{{- end }}
{{- prepend $shared $release | uniq | toJson }}
{{- end }}
