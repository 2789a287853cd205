/** Theft: what a stand-in steals, as its client tells its agent. */

import { z } from 'zod';

export const theftSchema = z.strictObject({
  namespace: z.string(),
  deployment: z.string(),
  /** The port of the Deployment's container. */
  port: z.number(),
  /** Header lines `Name: value` that mark a stolen request; expressions, whatever the case. */
  headerLines: z.array(z.string()),
  /** Address of the client's pod. */
  clientAddress: z.string(),
  /** Where the client's program listens in that pod. */
  clientPort: z.number(),
  /** The agent ends when its connection to this port of the client does. */
  heartbeatPort: z.number(),
});
export type Theft = z.infer<typeof theftSchema>;

/** The agent's Job and pod have it; the Services that it takes over select it. */
export const AGENT_LABEL = 'stand-in/agent';
export const AGENT_PORT = 18_091;
