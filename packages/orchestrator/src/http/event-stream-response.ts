/** eventStreamResponse: how a route that streams events shows in the OpenAPI document. */

import { z } from 'zod';

export const eventStreamResponse = {
  200: {
    description: 'Server-Sent Events; comments every 15 s keep the connection open.',
    content: { 'text/event-stream': { schema: z.string() } },
  },
  204: z.null().describe('All of it was sent before: do not come again.'),
};
