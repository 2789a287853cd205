import { describe, expect, it } from 'vitest';
import { createMirrordTool } from './mirrord/create-mirrord-tool.ts';
import { renderTapConfigMap, renderTapPod } from './render-tap.ts';
import { createTelepresenceTool } from './telepresence/create-telepresence-tool.ts';
import { interceptInputOf } from './testing/intercept-input.ts';

const input = interceptInputOf({});
const mirrord = createMirrordTool({ image: 'registry.example/mirrord:1', agentImage: '' });
const telepresence = createTelepresenceTool({ image: 'registry.example/tel:1', managerNamespace: '' });
const containerOf = (tool: typeof mirrord) => renderTapPod(tool, input).spec?.containers[0];
const TAP = ['tekton-dag', 'tap', '--objects', '/etc/tekton-dag/tap/objects.json'];
const PLACE = ['--namespace', 'staging', '--backend', 'api-pr-4-abcdef'];

describe('the pod of a tap', () => {
  it('runs the tap under mirrord, with all that a restricted namespace asks for', () => {
    const command = ['mirrord', 'exec', '-f', '/etc/tekton-dag/tap/mirrord.json', '--', ...TAP, ...PLACE];
    expect(containerOf(mirrord)).toMatchObject({
      command,
      securityContext: {
        allowPrivilegeEscalation: false,
        runAsNonRoot: true,
        capabilities: { drop: ['ALL'] },
        seccompProfile: { type: 'RuntimeDefault' },
      },
    });
    expect(containerOf(mirrord)?.securityContext?.capabilities?.add).toBeUndefined();
    expect(renderTapPod(mirrord, input).spec?.volumes?.map((volume) => volume.hostPath)).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('runs the tap while Telepresence intercepts by header, with one capability and one device', () => {
    const connect = ['connect', '--namespace', 'staging', '--mapped-namespaces', 'staging'];
    const place = [
      '--workload',
      'api',
      '--service',
      'api-baseline',
      '--port',
      '18080:http',
      '--mount',
      'false',
    ];
    const intercept = [
      'intercept',
      'api-pr-4-abcdef',
      ...place,
      '--http-header',
      'x-dev-session=pr-4-abcdef',
    ];
    expect(containerOf(telepresence)).toMatchObject({
      command: ['telepresence', ...connect, '--', 'telepresence', ...intercept, '--', ...TAP, ...PLACE],
      securityContext: { capabilities: { drop: ['ALL'], add: ['NET_ADMIN'] } },
    });
    expect(renderTapPod(telepresence, input).spec?.volumes).toContainEqual(
      expect.objectContaining({ hostPath: { path: '/dev/net/tun', type: 'CharDevice' } }),
    );
  });

  it('is never taken for a pod of the baseline, and ends for good', () => {
    const { metadata, spec } = renderTapPod(mirrord, input);
    expect(metadata?.labels).toMatchObject({
      'app.kubernetes.io/component': 'tap',
      'tekton-dag.io/run': input.run,
      'tekton-dag.io/session': input.session,
    });
    expect(metadata?.labels).not.toHaveProperty(['app.kubernetes.io/name']);
    expect(spec).toMatchObject({ restartPolicy: 'Never', serviceAccountName: 'tekton-dag-intercept' });
  });

  it('gets the same route as backend gateway applies, on the port that the tool maps', () => {
    const { data = {} } = renderTapConfigMap(mirrord, input);
    expect(Object.keys(data).toSorted()).toEqual(['mirrord.json', 'objects.json']);
    expect(JSON.parse(data['objects.json'] ?? '')).toMatchObject({
      services: [{ metadata: { name: 'api' }, spec: { ports: [{ targetPort: 18_080 }] } }],
      httpRoutes: [{ spec: { rules: [{ backendRefs: [{ name: 'api-pr-4-abcdef' }] }] } }],
    });
  });
});
