/** deliveryParams: the path of a delivery. */

import { z } from 'zod';

/** Stands for the host of a delivery whose event names none. */
const NO_HOST = '-';

export const deliveryParams = z.object({
  host: z
    .string()
    .regex(/^(?:-|[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?(?::\d{1,5})?)$/, 'is not a host')
    .transform((host) => (host === NO_HOST ? '' : host))
    .describe("The forge's host; `-` where the event named none."),
  id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._~-]{0,255}$/, 'is not the id of a delivery'),
});
