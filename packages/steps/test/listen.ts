/** Servers of tests: listen, and close with every connection. */

import type { Server } from 'node:http';

export const listen = async (server: Server, port: number, host: string): Promise<void> =>
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });

export const close = async (server: Server): Promise<void> => {
  server.closeAllConnections();
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
};
