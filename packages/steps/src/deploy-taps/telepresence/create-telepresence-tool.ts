/**
 * Telepresence as the tool of a tap: its client connects to the cluster's traffic manager and intercepts by header
 * (OSS 2.25.0 or later: https://telepresence.io/docs/reference/cli/telepresence_intercept).
 */
import { interceptName } from '../../deploy-intercepts/render-intercept.ts';
import { TAP_PORT } from '../tap-names.ts';
import type { TapTool } from '../tap-tool.ts';

/** `managerNamespace` empty: where Telepresence looks by itself. */
export const createTelepresenceTool = (settings: { image: string; managerNamespace: string }): TapTool => ({
  name: 'telepresence',
  image: settings.image,
  files: () => ({}),
  command: ({ plan, app, session }, tap) => {
    const namespace = plan.namespaces[app.name] ?? '';
    const { managerNamespace } = settings;
    const manager = managerNamespace === '' ? [] : ['--manager-namespace', managerNamespace];
    const connect = ['connect', '--namespace', namespace, '--mapped-namespaces', namespace, ...manager];
    const place = ['--workload', app.name, '--service', `${app.name}-baseline`];
    const filter = [
      '--port',
      `${TAP_PORT}:http`,
      '--mount',
      'false',
      '--http-header',
      `${plan.headerName}=${session}`,
    ];
    const intercept = ['intercept', interceptName(app.name, session), ...place, ...filter];
    return ['telepresence', ...connect, '--', 'telepresence', ...intercept, '--', ...tap];
  },
  // Its root daemon makes a network interface.
  privileges: { runAsRoot: true, capabilities: ['NET_ADMIN'], devices: ['/dev/net/tun'] },
});
