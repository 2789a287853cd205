{{/*
Refuses a folder that nothing can be made of, with all that is wrong with it; what was made of it earlier stays. The rest
of what may be wrong with a team is refused by the release itself.
*/}}
{{- define "team.check" -}}
{{- $file := printf "teams/%s/team.yaml" .Values.team }}
{{- $problems := concat (include "team.unreadable" . | fromJsonArray) (include "team.misplaced" . | fromJsonArray) }}
{{- with $problems }}{{ fail (printf "\n%s" (join "\n" .)) }}{{ end }}
{{- end }}

{{/* Files that are missing, or no map in YAML. JSON. */}}
{{- define "team.unreadable" -}}
{{- $problems := list }}
{{- range list "team.yaml" "values.yaml" }}
{{- $path := printf "teams/%s/%s" $.Values.team . }}
{{- if not ($.Files.Get (printf "files/%s" $path)) }}
{{- $problems = append $problems (printf "%s: is missing or empty (tekton-dag team add writes it)" $path) }}
{{- else }}
{{- with (include "team.read" (dict "root" $ "path" $path) | fromJson).Error }}
{{- $problems = append $problems (printf "%s: is no YAML: %s" $path .) }}
{{- end }}
{{- end }}
{{- end }}
{{- toJson $problems }}
{{- end }}

{{/* A name or a namespace that the team may not have. JSON. */}}
{{- define "team.misplaced" -}}
{{- $path := printf "teams/%s/team.yaml" .Values.team }}
{{- $rules := include "team.read" (dict "root" . "path" "team-rules.yaml") | fromJson }}
{{- $name := (include "team.read" (dict "root" . "path" $path) | fromJson).name }}
{{- $namespace := (include "team.place" (dict "root" . "team" .Values.team) | fromJson).namespace }}
{{- $problems := list }}
{{- if ne (toString $name) .Values.team }}
{{- $problems = append $problems (printf "%s: name: %s is not the name of the folder (give both one name)" $path (toJson $name)) }}
{{- end }}
{{- if not (regexMatch $rules.formats.label.allow $namespace) }}
{{- $problems = append $problems (printf "%s: namespace: %q %s (%s)" $path $namespace $rules.formats.label.message $rules.formats.label.hint) }}
{{- end }}
{{- if include "team.isReserved" (dict "root" . "namespace" $namespace) }}
{{- $message := $rules.rules.reservedNamespace.message | replace "{namespace}" $namespace }}
{{- $problems = append $problems (printf "%s: namespace: %s (%s)" $path $message $rules.rules.reservedNamespace.hint) }}
{{- end }}
{{- range include "team.neighbours" . | fromJsonArray }}
{{- if eq $namespace (include "team.place" (dict "root" $ "team" .) | fromJson).namespace }}
{{- $problems = append $problems (printf "%s: namespace: %q is that of team %s on this cluster (give each team one of its own)" $path $namespace .) }}
{{- end }}
{{- end }}
{{- toJson $problems }}
{{- end }}
