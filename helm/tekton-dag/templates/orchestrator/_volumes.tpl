{{/* The files of the orchestrator. A Secret that must be there holds the pod back until it is. */}}

{{/* A volume with one key of a Secret. Takes name, secret, key, path. */}}
{{- define "tekton-dag.secretVolume" -}}
- name: {{ .name | quote }}
  secret:
    secretName: {{ .secret | quote }}
    defaultMode: 0440
    items:
      - key: {{ .key | quote }}
        path: {{ .path | quote }}
{{- end }}

{{- define "tekton-dag.volumes" -}}
{{- $o := .Values.orchestrator -}}
- name: tmp
  emptyDir: {}
- name: platform
  configMap:
    name: {{ include "tekton-dag.platformConfigMap" . | quote }}
    items: {{- include "tekton-dag.platformItems" . | nindent 6 }}
- name: webhook
  projected:
    defaultMode: 0440
    sources:
      - secret:
          name: {{ $o.webhook.existingSecret | quote }}
          items:
            - key: {{ $o.webhook.key | quote }}
              path: secret
      {{- with $o.webhook.nextKey }}
      - secret:
          name: {{ $o.webhook.existingSecret | quote }}
          optional: true
          items:
            - key: {{ . | quote }}
              path: next
      {{- end }}
{{ include "tekton-dag.secretVolume" (dict "name" "api" "secret" $o.api.existingSecret "key" $o.api.key "path" "token") }}
{{- with $o.webhook.namedSecrets }}
- name: webhooks
  secret:
    secretName: {{ . | quote }}
    defaultMode: 0440
{{- end }}
{{- with $o.api.tokensSecret }}
{{ include "tekton-dag.secretVolume" (dict "name" "tokens" "secret" . "key" $o.api.tokensKey "path" "tokens.yaml") }}
{{- end }}
{{- with $o.forges.existingSecret }}
- name: forges
  secret:
    secretName: {{ . | quote }}
    defaultMode: 0440
{{- end }}
{{- with $o.eventSink.existingSecret }}
{{ include "tekton-dag.secretVolume" (dict "name" "event-sink" "secret" . "key" $o.eventSink.key "path" "token") }}
{{- end }}
{{- if include "tekton-dag.hasPostgres" . }}
{{ include "tekton-dag.secretVolume" (dict "name" "store" "secret" $o.store.postgres.existingSecret "key" $o.store.postgres.key "path" "url") }}
{{- else }}
- name: data
  {{- if $o.store.sqlite.persistence.enabled }}
  persistentVolumeClaim:
    claimName: {{ include "tekton-dag.dataClaim" . | quote }}
  {{- else }}
  emptyDir: {}
  {{- end }}
{{- end }}
{{- with $o.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "tekton-dag.volumeMounts" -}}
{{- $o := .Values.orchestrator -}}
- name: tmp
  mountPath: /tmp
- name: platform
  mountPath: /etc/tekton-dag/platform
  readOnly: true
- name: webhook
  mountPath: /etc/tekton-dag/secrets/webhook
  readOnly: true
- name: api
  mountPath: /etc/tekton-dag/secrets/api
  readOnly: true
{{- if $o.webhook.namedSecrets }}
- name: webhooks
  mountPath: /etc/tekton-dag/secrets/webhooks
  readOnly: true
{{- end }}
{{- if $o.api.tokensSecret }}
- name: tokens
  mountPath: /etc/tekton-dag/secrets/tokens
  readOnly: true
{{- end }}
{{- if $o.forges.existingSecret }}
- name: forges
  mountPath: /etc/tekton-dag/forges
  readOnly: true
{{- end }}
{{- if $o.eventSink.existingSecret }}
- name: event-sink
  mountPath: /etc/tekton-dag/secrets/event-sink
  readOnly: true
{{- end }}
{{- if include "tekton-dag.hasPostgres" . }}
- name: store
  mountPath: /etc/tekton-dag/secrets/store
  readOnly: true
{{- else }}
- name: data
  mountPath: /var/lib/tekton-dag
{{- end }}
{{- with $o.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* The claim that holds the database file. */}}
{{- define "tekton-dag.dataClaim" -}}
{{- default (printf "%s-data" (include "tekton-dag.fullname" .)) .Values.orchestrator.store.sqlite.persistence.existingClaim }}
{{- end }}
