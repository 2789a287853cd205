/** findSecrets: where values stand in what anybody with access to a namespace can read, but for its Secrets. */

import { kinds, type KubeClient, type KubeObject, type ResourceDefinition } from '@tekton-dag/kube';

const events: ResourceDefinition<KubeObject> = {
  group: '',
  version: 'v1',
  plural: 'events',
  kind: 'Event',
  namespaced: true,
};
const KINDS: readonly ResourceDefinition<KubeObject>[] = [
  events,
  kinds.configmaps,
  kinds.deployments,
  kinds.services,
  kinds.httproutes,
  kinds.pods,
  kinds.pipelineruns,
  kinds.taskruns,
];

/** Object or log, and its text. */
type Finding = readonly [place: string, text: string];

export interface SecretSearch {
  readonly namespace: string;
  /** Name to value, as plain text. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** `<name of the secret> in <place>` for each, also where it stands in base64. */
export async function findSecrets(
  client: KubeClient,
  { namespace, secrets }: SecretSearch,
): Promise<string[]> {
  const found = [...(await dumpObjects(client, namespace)), ...(await dumpLogs(client, namespace))];
  return Object.entries(secrets).flatMap(([name, value]) => {
    const forms = [value, Buffer.from(value).toString('base64')];
    return found
      .filter(([, text]) => forms.some((form) => text.includes(form)))
      .map(([place]) => `${name} in ${place}`);
  });
}

async function dumpObjects(client: KubeClient, namespace: string): Promise<Finding[]> {
  const lists = KINDS.map(async (definition) => {
    const { items } = await client.resource(definition, namespace).list();
    return items.map((object): Finding => [
      `${definition.kind} ${object.metadata?.name ?? ''}`,
      JSON.stringify(object),
    ]);
  });
  return (await Promise.all(lists)).flat();
}

async function dumpLogs(client: KubeClient, namespace: string): Promise<Finding[]> {
  const dump: Finding[] = [];
  for (const { metadata, spec } of (await client.resource(kinds.pods, namespace).list()).items) {
    const pod = metadata?.name ?? '';
    for (const { name: container } of spec?.containers ?? []) {
      const text = await readLog(client, { namespace, pod, container });
      dump.push([`log of ${pod}/${container}`, text]);
    }
  }
  return dump;
}

/** Empty for a container that never started. */
async function readLog(
  client: KubeClient,
  { namespace, pod, container }: { namespace: string; pod: string; container: string },
): Promise<string> {
  const lines: string[] = [];
  try {
    for await (const line of client.resource(kinds.pods, namespace).logs(pod, { container }))
      lines.push(line);
  } catch {
    return '';
  }
  return lines.join('\n');
}
