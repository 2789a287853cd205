{{/*
What is wrong with the values beyond types and unknown keys, which values.schema.json refuses: every problem on a line of
its own, in the words of `tekton-dag team validate`. The words and patterns are those of files/team-rules.yaml.
*/}}

{{/* Fails with all problems. */}}
{{- define "tekton-dag.validate" -}}
{{- $problems := concat
  (include "tekton-dag.textProblems" . | splitList "\n")
  (include "tekton-dag.namespaceProblems" . | splitList "\n")
  (include "tekton-dag.stackProblems" . | splitList "\n")
  (include "tekton-dag.keyProblems" . | splitList "\n")
  (include "tekton-dag.claimProblems" . | splitList "\n")
  (include "tekton-dag.releaseProblems" . | splitList "\n")
| compact | uniq }}
{{- if $problems }}{{ printf "the values cannot be used:\n%s" (join "\n" $problems) | fail }}{{ end }}
{{- end }}

{{/* A text as problems show it: quoted, not too long, and without the credentials of a URL. */}}
{{- define "tekton-dag.shown" -}}
{{- $text := regexReplaceAll "(://)[^/@\\s]*@" . "${1}...@" }}
{{- if regexMatch "(?s)^.{81}" $text }}{{ $text = printf "%s..." (regexFind "(?s)^.{77}" $text) }}{{ end }}
{{- toRawJson $text }}
{{- end }}

{{/* A line in the words of a rule. Takes root, path, rule, and names: what its message leaves open. */}}
{{- define "tekton-dag.ruleProblem" -}}
{{- $rule := get (include "tekton-dag.teamRules" .root | fromJson).rules .rule }}
{{- $message := $rule.message }}
{{- range $name, $value := default dict .names }}
{{- $message = replace (printf "{%s}" $name) $value $message }}
{{- end }}
{{ .path }}: {{ $message }} ({{ $rule.hint }})
{{- end }}

{{/* Paths of the teams in the values: "" for that of the release. Takes an index into tekton-dag.teams. */}}
{{- define "tekton-dag.teamPath" -}}
{{- if . }}{{ printf "teams[%d]." (sub . 1) }}{{ end }}
{{- end }}

{{- define "tekton-dag.textProblems" -}}
{{- $rules := include "tekton-dag.teamRules" . | fromJson }}
{{- range $index, $team := include "tekton-dag.teams" . | fromJsonArray }}
{{- range $rules.texts }}
{{- include "tekton-dag.badTexts" (dict "value" $team "steps" .steps "path" (include "tekton-dag.teamPath" $index) "format" (get $rules.formats .format)) }}
{{- end }}
{{- end }}
{{- range $rules.chartTexts }}
{{- include "tekton-dag.badTexts" (dict "value" $.Values "steps" .steps "path" "" "format" (get $rules.formats .format)) }}
{{- end }}
{{- end }}

{{/* Lines for the texts at steps below a value that do not have a format. Takes value, steps, path, format. */}}
{{- define "tekton-dag.badTexts" -}}
{{- if .steps }}
{{- $here := . }}
{{- $step := first .steps }}
{{- $below := dict "steps" (rest .steps) "format" .format }}
{{- $ending := ternary "." "" (gt (len .steps) 1) }}
{{- if eq $step "[]" }}
{{- range $index, $item := .value }}
{{- include "tekton-dag.badTexts" (merge (dict "value" $item "path" (printf "%s[%d]%s" (trimSuffix "." $here.path) $index $ending)) $below) }}
{{- end }}
{{- else if eq $step "{}" }}
{{- range $key, $item := .value }}
{{- include "tekton-dag.badTexts" (merge (dict "value" $item "path" (printf "%s%s%s" $here.path $key $ending)) $below) }}
{{- end }}
{{- else if eq $step "{key}" }}
{{- range $key, $_ := .value }}
{{- include "tekton-dag.badTexts" (merge (dict "value" $key "path" $here.path) $below) }}
{{- end }}
{{- else if hasKey .value $step }}
{{- include "tekton-dag.badTexts" (merge (dict "value" (get .value $step) "path" (printf "%s%s%s" .path $step $ending)) $below) }}
{{- end }}
{{- else if kindIs "string" .value }}
{{- $bad := not (regexMatch .format.allow .value) }}
{{- range .format.deny }}{{ $bad = or $bad (regexMatch . $.value) }}{{ end }}
{{- if $bad }}
{{ trimSuffix "." .path }}: {{ include "tekton-dag.shown" .value }} {{ .format.message }} ({{ .format.hint }})
{{- end }}
{{- end }}
{{- end }}

{{/* Namespaces that belong to the cluster, and teams that are not in that of the release. */}}
{{- define "tekton-dag.namespaceProblems" -}}
{{- include "tekton-dag.reservedProblem" (dict "root" . "path" "namespace" "namespace" .Release.Namespace) }}
{{- if and .Values.namespace (ne .Values.namespace .Release.Namespace) }}
{{- include "tekton-dag.elsewhere" (dict "root" . "path" "namespace" "namespace" .Values.namespace) }}
{{- include "tekton-dag.reservedProblem" (dict "root" . "path" "namespace" "namespace" .Values.namespace) }}
{{- end }}
{{- range $index, $team := .Values.teams }}
{{- if ne (default $.Release.Namespace .namespace) $.Release.Namespace }}
{{- $path := printf "teams[%d].namespace" $index }}
{{- include "tekton-dag.elsewhere" (dict "root" $ "path" $path "namespace" .namespace) }}
{{- include "tekton-dag.reservedProblem" (dict "root" $ "path" $path "namespace" .namespace) }}
{{- end }}
{{- end }}
{{- include "tekton-dag.reservedProblem" (dict "root" . "path" "apps.defaultNamespace" "namespace" (default "" .Values.apps.defaultNamespace)) }}
{{- range $index, $namespace := .Values.apps.namespaces }}
{{- include "tekton-dag.reservedProblem" (dict "root" $ "path" (printf "apps.namespaces[%d]" $index) "namespace" .) }}
{{- end }}
{{- end }}

{{- define "tekton-dag.elsewhere" }}
{{ .path }}: {{ include "tekton-dag.shown" .namespace }} is not the namespace of the release, {{ .root.Release.Namespace | quote }} (install it with --namespace {{ .namespace }}, or say another one)
{{- end }}

{{/* Takes root, path, namespace. */}}
{{- define "tekton-dag.reservedProblem" -}}
{{- range (include "tekton-dag.teamRules" .root | fromJson).reservedNamespaces }}
{{- if regexMatch . $.namespace }}
{{- include "tekton-dag.ruleProblem" (dict "root" $.root "path" $.path "rule" "reservedNamespace" "names" (dict "namespace" $.namespace)) }}
{{- end }}
{{- end }}
{{- end }}

{{/* Stack files that are not there, cannot be read, or put apps into namespaces of the cluster. */}}
{{- define "tekton-dag.stackProblems" -}}
{{- $label := (include "tekton-dag.teamRules" . | fromJson).formats.label }}
{{- range $index, $team := include "tekton-dag.teams" . | fromJsonArray }}
{{- range $number, $file := .stacks }}
{{- $path := printf "%sstacks[%d]" (include "tekton-dag.teamPath" $index) $number }}
{{- $stack := include "tekton-dag.stack" (dict "root" $ "file" .) | fromJson }}
{{- if not (include "tekton-dag.stackText" (dict "root" $ "file" .)) }}
{{- include "tekton-dag.ruleProblem" (dict "root" $ "path" $path "rule" "missingStackFile" "names" (dict "file" .)) }}
{{- else if $stack.problem }}
{{ $path }}: {{ include "tekton-dag.shown" . }} is not a stack file ({{ $stack.problem }})
{{- end }}
{{- range $stack.apps }}
{{- include "tekton-dag.badTexts" (dict "value" .namespace "steps" list "path" $path "format" $label) }}
{{- include "tekton-dag.reservedProblem" (dict "root" $ "path" $path "namespace" .namespace) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/* Two stack files that a ConfigMap would hold under one key. */}}
{{- define "tekton-dag.keyProblems" -}}
{{- $files := dict }}
{{- range include "tekton-dag.stackPaths" . | fromJsonArray }}
{{- $key := include "tekton-dag.stackKey" . }}
{{- $other := get $files $key }}
{{- if $other }}
stacks: {{ include "tekton-dag.shown" $other }} and {{ include "tekton-dag.shown" . }} would be one file to the orchestrator (rename one of them)
{{- end }}
{{- $_ := set $files $key . }}
{{- end }}
{{- end }}

{{/* Two teams of one name, and apps that two teams claim: one host, one repository, one name. */}}
{{- define "tekton-dag.claimProblems" -}}
{{- $names := list }}
{{- $owners := dict }}
{{- range $index, $team := include "tekton-dag.teams" . | fromJsonArray }}
{{- $teamPath := include "tekton-dag.teamPath" $index }}
{{- if has .name $names }}
{{ $teamPath }}name: another team is named {{ include "tekton-dag.shown" .name }} (give each team a name of its own)
{{- end }}
{{- $names = append $names .name }}
{{- range $number, $file := .stacks }}
{{- $taken := dict }}
{{- range (include "tekton-dag.stack" (dict "root" $ "file" .) | fromJson).apps }}
{{- $repository := ternary .repo (printf "%s/%s" (default "github.com" $team.host) .repo) (gt (len (splitList "/" .repo)) 2) }}
{{- $claim := printf "%s %s" (lower $repository) .name }}
{{- $other := get $owners $claim | default $team.name }}
{{- $_ := set $owners $claim $other }}
{{- if and (ne $other $team.name) (not $taken) }}
{{- $taken = dict "repository" .repo "app" .name "other" $other }}
{{- end }}
{{- end }}
{{- if $taken }}
{{- include "tekton-dag.ruleProblem" (dict "root" $ "path" (printf "%sstacks[%d]" $teamPath $number) "rule" "claimedTwice" "names" $taken) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/* Values that contradict each other. */}}
{{- define "tekton-dag.releaseProblems" -}}
{{- /* Not kubeVersion of Chart.yaml: without a cluster, a Helm that was built from source takes itself to be on 1.20.0. */ -}}
{{- with .Capabilities.KubeVersion.Version }}
{{- if semverCompare ">1.20.0-0 <1.30.0-0" (trimPrefix "v" .) | and (ne . "v1.20.0") }}
Kubernetes {{ . }} is too old: pods end without refusing requests from 1.30 on
{{- end }}
{{- end }}
{{- $fullname := include "tekton-dag.fullname" . }}
{{- if not (regexMatch "^[a-z][a-z0-9-]*$" $fullname) }}
fullnameOverride: {{ include "tekton-dag.shown" $fullname }} is not the name of a Service (name the release with lower-case letters, digits and "-", a letter first)
{{- end }}
{{- if has $fullname (list "tekton-dag-pipeline" "tekton-dag-build" "tekton-dag-router" "tekton-dag-intercept") }}
fullnameOverride: {{ $fullname | quote }} is the name of an account (name the release otherwise)
{{- end }}
{{- if eq .Values.catalog.source "git" }}
{{- range tuple "url" "revision" }}
{{- if not (get $.Values.catalog .) }}
{{- $key := printf "catalog.%s" . }}
{{- include "tekton-dag.ruleProblem" (dict "root" $ "path" $key "rule" "gitCatalogIncomplete" "names" (dict "key" $key)) }}
{{- end }}
{{- end }}
{{- end }}
{{- if and .Values.buildCache.create (not (include "tekton-dag.buildCacheClaims" . | fromJsonArray)) }}
{{- include "tekton-dag.ruleProblem" (dict "root" . "path" "buildCacheClaim" "rule" "buildCacheUnnamed") }}
{{- end }}
{{- with .Values.orchestrator }}
{{- if and .enabled (not .store.postgres.existingSecret) (or .autoscaling.enabled (gt (int .replicas) 1)) }}
{{- $path := ternary "orchestrator.autoscaling.enabled" "orchestrator.replicas" .autoscaling.enabled }}
{{- include "tekton-dag.ruleProblem" (dict "root" $ "path" $path "rule" "replicasNeedPostgres") }}
{{- end }}
{{- if ge (int .drainSeconds) (int .terminationGracePeriodSeconds) }}
orchestrator.drainSeconds: {{ .drainSeconds }} is not less than terminationGracePeriodSeconds, {{ .terminationGracePeriodSeconds }} (the pod would be killed while it still answers)
{{- end }}
{{- end }}
{{- if and .Values.triggers.enabled (not .Values.orchestrator.enabled) }}
triggers.enabled: an EventListener hands deliveries on to the orchestrator of its release (leave orchestrator.enabled on)
{{- end }}
{{- if and .Values.triggers.enabled (not .Values.triggers.webhookSecret.name) }}
{{- include "tekton-dag.ruleProblem" (dict "root" . "path" "triggers.webhookSecret.name" "rule" "triggersNeedSecret") }}
{{- end }}
{{- end }}
