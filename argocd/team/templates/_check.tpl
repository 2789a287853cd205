{{/*
Refuses a folder that nothing can be made of, with all that is wrong with it; what was made of it earlier stays. The rest
of what may be wrong with a team is refused by the release itself. Takes root and neighbours.
*/}}
{{- define "team.check" -}}
{{- $path := printf "teams/%s/team.yaml" .root.Values.team }}
{{- $problems := list }}
{{- if not (.root.Files.Get (printf "files/%s" $path)) }}
{{- $problems = append $problems (printf "%s: is missing or empty (tekton-dag team add writes it)" $path) }}
{{- else }}
{{- $file := include "team.read" (dict "root" .root "path" $path) | fromJson }}
{{- with $file.Error }}
{{- $problems = append $problems (printf "%s: is no YAML: %s" $path .) }}
{{- else }}
{{- $problems = include "team.misplaced" (merge (dict "path" $path "name" (toString $file.name)) .) | fromJsonArray }}
{{- end }}
{{- end }}
{{- with $problems }}{{ fail (printf "\n%s" (join "\n" .)) }}{{ end }}
{{- end }}

{{/* A line about team.yaml in the words of a rule. Takes path, key, rule, and names: what its message leaves open. */}}
{{- define "team.ruleProblem" -}}
{{- $message := .rule.message }}
{{- range $name, $value := .names }}
{{- $message = replace (printf "{%s}" $name) $value $message }}
{{- end -}}
{{ .path }}: {{ .key }}: {{ $message }} ({{ .rule.hint }})
{{- end }}

{{/* A name, a cluster or a namespace that the team may not have. Takes root, neighbours, path and name. JSON. */}}
{{- define "team.misplaced" -}}
{{- $path := .path }}
{{- $rules := include "team.rules" .root | fromJson }}
{{- $label := $rules.formats.label }}
{{- $place := include "team.place" (dict "root" .root "team" .root.Values.team) | fromJson }}
{{- $namespace := $place.namespace }}
{{- $problems := list }}
{{- if ne .name .root.Values.team }}
{{- $words := dict "path" $path "key" "name" "rule" $rules.rules.otherFolder "names" (dict "name" .name) }}
{{- $problems = append $problems (include "team.ruleProblem" $words) }}
{{- end }}
{{- if not (regexMatch $label.allow .name) }}
{{- $problems = append $problems (printf "%s: name: %q %s (%s)" $path .name $label.message $label.hint) }}
{{- end }}
{{- /* A project reads these characters as a pattern. */}}
{{- if regexMatch `[*?!{}\[\]\\]` $place.cluster }}
{{- $problems = append $problems (printf "%s: cluster: %q is not the name of one cluster (write the name that Argo CD knows it by)" $path $place.cluster) }}
{{- end }}
{{- if not (regexMatch $label.allow $namespace) }}
{{- $problems = append $problems (printf "%s: namespace: %q %s (%s)" $path $namespace $label.message $label.hint) }}
{{- end }}
{{- if include "team.isReserved" (dict "rules" $rules "namespace" $namespace) }}
{{- $words := dict "path" $path "key" "namespace" "rule" $rules.rules.reservedNamespace "names" (dict "namespace" $namespace) }}
{{- $problems = append $problems (include "team.ruleProblem" $words) }}
{{- end }}
{{- range $other, $theirs := .neighbours }}
{{- if eq $namespace $theirs.namespace }}
{{- $names := dict "namespace" $namespace "other" $other }}
{{- $words := dict "path" $path "key" "namespace" "rule" $rules.rules.sharedNamespace "names" $names }}
{{- $problems = append $problems (include "team.ruleProblem" $words) }}
{{- end }}
{{- end }}
{{- toJson $problems }}
{{- end }}
