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

{{/* A line about team.yaml in the words of a rule. Takes root, key, rule, and names: what its message leaves open. */}}
{{- define "team.ruleProblem" -}}
{{- $rules := include "team.read" (dict "root" .root "path" "team-rules.yaml") | fromJson }}
{{- $rule := get $rules.rules .rule }}
{{- $message := $rule.message }}
{{- range $name, $value := .names }}
{{- $message = replace (printf "{%s}" $name) $value $message }}
{{- end -}}
teams/{{ .root.Values.team }}/team.yaml: {{ .key }}: {{ $message }} ({{ $rule.hint }})
{{- end }}

{{/* A name or a namespace that the team may not have. JSON. */}}
{{- define "team.misplaced" -}}
{{- $path := printf "teams/%s/team.yaml" .Values.team }}
{{- $label := (include "team.read" (dict "root" . "path" "team-rules.yaml") | fromJson).formats.label }}
{{- $name := (include "team.read" (dict "root" . "path" $path) | fromJson).name | toString }}
{{- $namespace := (include "team.place" (dict "root" . "team" .Values.team) | fromJson).namespace }}
{{- $problems := list }}
{{- if ne $name .Values.team }}
{{- $problems = append $problems (include "team.ruleProblem" (dict "root" . "key" "name" "rule" "otherFolder" "names" (dict "name" $name))) }}
{{- end }}
{{- if not (regexMatch $label.allow $namespace) }}
{{- $problems = append $problems (printf "%s: namespace: %q %s (%s)" $path $namespace $label.message $label.hint) }}
{{- end }}
{{- $ofNamespace := dict "root" . "key" "namespace" }}
{{- if include "team.isReserved" (dict "root" . "namespace" $namespace) }}
{{- $words := dict "rule" "reservedNamespace" "names" (dict "namespace" $namespace) }}
{{- $problems = append $problems (include "team.ruleProblem" (merge $words $ofNamespace)) }}
{{- end }}
{{- range include "team.neighbours" . | fromJsonArray }}
{{- if eq $namespace (include "team.place" (dict "root" $ "team" .) | fromJson).namespace }}
{{- $words := dict "rule" "sharedNamespace" "names" (dict "namespace" $namespace "other" .) }}
{{- $problems = append $problems (include "team.ruleProblem" (merge $words $ofNamespace)) }}
{{- end }}
{{- end }}
{{- toJson $problems }}
{{- end }}
