/** The base URL of a Service, by its cluster address: works in every cluster, with and without DNS. */
import { kinds, type KubeClient, type Service } from '@tekton-dag/kube';
import { StepFailure } from '../step-failure.ts';

const addressOf = ({ spec }: Service): string | undefined => {
  const address = spec?.clusterIP;
  const port = spec?.ports?.[0]?.port;
  if (address === undefined || address === '' || address === 'None' || port === undefined) return undefined;
  return `${address.includes(':') ? `[${address}]` : address}:${port}`;
};

/** `http://<cluster IP>:<port>`; throws SERVICE_MISSING. */
export const serviceUrl = async (client: KubeClient, namespace: string, name: string): Promise<string> => {
  const service = await client.resource(kinds.services, namespace).get(name);
  const address = service === undefined ? undefined : addressOf(service);
  if (address !== undefined) return `http://${address}`;
  throw new StepFailure(`Service ${namespace}/${name} does not exist or has no cluster address`, {
    code: 'SERVICE_MISSING',
    hint: 'bootstrap the stack first (pipeline stack-bootstrap)',
  });
};
