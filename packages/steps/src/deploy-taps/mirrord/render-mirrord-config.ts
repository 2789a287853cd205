/** The configuration of `mirrord exec` for one tap; pure (https://metalbear.com/mirrord/docs/config/options). */
import { agentLabels, TAP_PORT } from '../tap-names.ts';
import type { InterceptInput } from '../../deploy-intercepts/render-intercept.ts';
import { baggageExpression, escapeRegExp } from '../../deploy-intercepts/render-intercept.ts';
import { ADMIN_PORT } from '../../traffic/admin-replica.ts';
import type { MirrordConfig } from './mirrord-config-schema.ts';

/** mirrord matches `Name: value` lines, whatever their case; the whole line, so that `pr-4` never matches `pr-42`. */
const headerLine = (name: string, value: string): string => `^${escapeRegExp(name)}: ${escapeRegExp(value)}$`;

/** `baggage: ...` with the session's member somewhere in it. */
const baggageLine = (key: string, value: string): string =>
  `^baggage: ${baggageExpression(key, value).slice(1)}`;

/**
 * Steals the session's requests alone. Everything else of the tap stays its own: files, variables, names, and the
 * connections that it makes to the API and to the pull request's pods.
 */
export const renderMirrordConfig = (input: InterceptInput, agentImage: string): MirrordConfig => {
  const { plan, app, session } = input;
  const namespace = plan.namespaces[app.name] ?? '';
  const anyOf = [
    { header: headerLine(plan.headerName, session) },
    { header: baggageLine(plan.baggageKey, session) },
  ];
  return {
    target: { path: `deployment/${app.name}`, namespace },
    operator: false,
    telemetry: false,
    agent: {
      namespace,
      labels: agentLabels(input),
      // Asking whether the node has room needs rights on nodes.
      check_out_of_pods: false,
      ...(agentImage === '' ? {} : { image: agentImage }),
    },
    feature: {
      env: false,
      fs: 'local',
      hostname: false,
      network: {
        incoming: {
          mode: 'steal',
          port_mapping: [[TAP_PORT, app.containerPort]],
          ignore_ports: [ADMIN_PORT],
          http_filter: { any_of: anyOf },
        },
        outgoing: false,
        dns: false,
      },
    },
  };
};
