/** runParams: the path of a run. */

import { z } from 'zod';

const dnsName = z.string().regex(/^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/, 'is not a name of Kubernetes');

export const runParams = z.object({ namespace: dnsName, name: dnsName });
