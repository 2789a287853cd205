import { describe, expect, it } from 'vitest';
import { condition } from './tekton-rig.ts';
import { useTekton } from './tekton-suite.ts';

describe('the environment of a step', () => {
  const tekton = useTekton();

  it('comes from values, ConfigMaps, Secrets, fields and other variables', async () => {
    await tekton().apply(`
apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
data: { mode: fast, LEVEL: "3" }
---
apiVersion: v1
kind: Secret
metadata: { name: hidden }
data: { word: c2VzYW1l }
---
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: { name: env-sources }
spec:
  taskSpec:
    steps:
      - name: show
        image: busybox:1
        envFrom: [{ prefix: CM_, configMapRef: { name: settings } }]
        env:
          - { name: MODE, valueFrom: { configMapKeyRef: { name: settings, key: mode } } }
          - { name: WORD, valueFrom: { secretKeyRef: { name: hidden, key: word } } }
          - { name: POD, valueFrom: { fieldRef: { fieldPath: metadata.name } } }
          - { name: ABSENT, valueFrom: { configMapKeyRef: { name: absent, key: x, optional: true } } }
          - { name: BOTH, value: $(MODE)-$(CM_LEVEL) }
        command: [sh, -c]
        args: ['echo "$MODE $WORD $POD $0 \${ABSENT-unset}"', $(BOTH)]
`);
    await tekton().finished('TaskRun', 'env-sources');
    expect(await tekton().logs('env-sources', 'step-show')).toEqual([
      'fast sesame env-sources-pod fast-3 unset',
    ]);
  });

  it('that needs a missing ConfigMap fails the TaskRun and names it', async () => {
    await tekton().apply(`
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: { name: no-config }
spec:
  taskSpec:
    steps:
      - name: show
        image: busybox:1
        env: [{ name: MODE, valueFrom: { configMapKeyRef: { name: nowhere, key: mode } } }]
        script: "true"
`);
    const run = await tekton().finished('TaskRun', 'no-config');
    expect(condition(run)).toMatchObject({ status: 'False', reason: 'CreateContainerConfigError' });
    const pod = await tekton().get('Pod', 'no-config-pod');
    expect(JSON.stringify(pod?.status ?? run.status)).toContain('configmap \\"nowhere\\" not found');
  });

  it('holds credentials unless the service account mounts no token', async () => {
    await tekton().apply(`
apiVersion: v1
kind: ServiceAccount
metadata: { name: builder }
automountServiceAccountToken: false
---
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: { name: with-token }
spec:
  taskSpec: { steps: [{ name: show, image: busybox:1, script: 'test -n "$KUBECONFIG" -o -e /var/run/secrets/kubernetes.io/serviceaccount/token && echo yes' }] }
---
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: { name: without-token }
spec:
  serviceAccountName: builder
  taskSpec: { steps: [{ name: show, image: busybox:1, script: 'test -n "$KUBECONFIG" -o -e /var/run/secrets/kubernetes.io/serviceaccount/token || echo none' }] }
---
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: { name: no-account }
spec:
  serviceAccountName: nobody
  taskSpec: { steps: [{ name: show, image: busybox:1, script: "true" }] }
`);
    await tekton().finished('TaskRun', 'with-token');
    await tekton().finished('TaskRun', 'without-token');
    expect(await tekton().logs('with-token', 'step-show')).toEqual(['yes']);
    expect(await tekton().logs('without-token', 'step-show')).toEqual(['none']);
    const refused = await tekton().finished('TaskRun', 'no-account');
    expect(condition(refused)?.message).toMatch(/serviceaccounts? "nobody" not found/);
  });

  it('holds no credentials in a step that mounts something of its own in their place', async () => {
    await tekton().apply(`
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: { name: covered-token }
spec:
  taskSpec:
    volumes: [{ name: nothing, emptyDir: {} }]
    steps:
      - name: open
        image: busybox:1
        script: 'test -n "$KUBECONFIG" -o -e /var/run/secrets/kubernetes.io/serviceaccount/token && echo yes'
      - name: covered
        image: busybox:1
        volumeMounts: [{ name: nothing, mountPath: /var/run/secrets/kubernetes.io/serviceaccount, readOnly: true }]
        script: 'test -n "$KUBECONFIG" -o -e /var/run/secrets/kubernetes.io/serviceaccount/token || echo none'
`);
    await tekton().finished('TaskRun', 'covered-token');
    expect(await tekton().logs('covered-token', 'step-open')).toEqual(['yes']);
    expect(await tekton().logs('covered-token', 'step-covered')).toEqual(['none']);
  });
});
