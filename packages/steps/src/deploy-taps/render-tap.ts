/** The ConfigMap and the pod of one tap; pure. */
import type { ConfigMap, Pod } from '@tekton-dag/kube';
import { renderRoutedService } from '../deploy-baseline/render-app-objects.ts';
import {
  interceptName,
  renderInterceptRoute,
  type InterceptInput,
} from '../deploy-intercepts/render-intercept.ts';
import { ADMIN_PORT } from '../traffic/admin-replica.ts';
import { ROUTER_NAME } from '../traffic/router-name.ts';
import { TAP_DIRECTORY, TAP_PORT, TAP_SERVICE_ACCOUNT, tapLabels, tapName } from './tap-names.ts';
import type { TapTool } from './tap-tool.ts';

/** A run whose cleanup never came leaves no tap behind for longer. */
const MAX_LIFE_SECONDS = 2 * 60 * 60;
const OBJECTS_FILE = 'objects.json';

const metadataOf = (input: InterceptInput) => ({
  name: tapName(input.run, input.app.name),
  namespace: input.plan.namespaces[input.app.name] ?? '',
  labels: tapLabels(input),
});

/** The tap is a router with a table of one route: the same objects that backend gateway applies. */
const renderObjects = (input: InterceptInput): string => {
  const { plan, app, run } = input;
  const service = renderRoutedService(plan, { app, run, routerPort: TAP_PORT });
  return JSON.stringify({ services: [service], httpRoutes: [renderInterceptRoute(input)] });
};

export const renderTapConfigMap = (tool: TapTool, input: InterceptInput): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: metadataOf(input),
  data: { [OBJECTS_FILE]: renderObjects(input), ...tool.files(input) },
});

const tapCommand = (input: InterceptInput): string[] => {
  const { plan, app, session } = input;
  const place = [
    '--namespace',
    plan.namespaces[app.name] ?? '',
    '--backend',
    interceptName(app.name, session),
  ];
  return ['tekton-dag', 'tap', '--objects', `${TAP_DIRECTORY}/${OBJECTS_FILE}`, ...place];
};

const securityContextOf = ({ privileges: { runAsRoot, capabilities } }: TapTool) => ({
  allowPrivilegeEscalation: runAsRoot,
  readOnlyRootFilesystem: true,
  runAsNonRoot: !runAsRoot,
  runAsUser: runAsRoot ? 0 : 65_532,
  capabilities: { drop: ['ALL'], ...(capabilities.length === 0 ? {} : { add: [...capabilities] }) },
  seccompProfile: { type: 'RuntimeDefault' },
});

const deviceName = (path: string): string => path.replaceAll('/', '-').replace(/^-/, '');

const renderContainer = (tool: TapTool, input: InterceptInput) => ({
  name: 'tap',
  image: tool.image,
  imagePullPolicy: 'IfNotPresent',
  command: [...tool.command(input, tapCommand(input))],
  env: [
    // The tools keep their libraries and settings below these.
    { name: 'HOME', value: '/tmp' },
    { name: 'TMPDIR', value: '/tmp' },
    { name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
    { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
    { name: 'ROUTER_TOKEN', valueFrom: { secretKeyRef: { name: ROUTER_NAME, key: 'token' } } },
  ],
  volumeMounts: [
    { name: 'tap', mountPath: TAP_DIRECTORY, readOnly: true },
    { name: 'tmp', mountPath: '/tmp' },
    ...tool.privileges.devices.map((path) => ({ name: deviceName(path), mountPath: path })),
  ],
  readinessProbe: { httpGet: { path: '/readyz', port: ADMIN_PORT }, periodSeconds: 1, failureThreshold: 300 },
  resources: { requests: { cpu: '20m', memory: '96Mi' } },
  securityContext: securityContextOf(tool),
});

/** Not restarted: a tap that ended is an intercept that is lost, and the run has to say so. */
export const renderTapPod = (tool: TapTool, input: InterceptInput): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: metadataOf(input),
  spec: {
    serviceAccountName: TAP_SERVICE_ACCOUNT,
    restartPolicy: 'Never',
    activeDeadlineSeconds: MAX_LIFE_SECONDS,
    terminationGracePeriodSeconds: 15,
    containers: [renderContainer(tool, input)],
    volumes: [
      { name: 'tap', configMap: { name: tapName(input.run, input.app.name) } },
      { name: 'tmp', emptyDir: {} },
      ...tool.privileges.devices.map((path) => ({
        name: deviceName(path),
        hostPath: { path, type: 'CharDevice' },
      })),
    ],
  },
});
