/** Opens a server's port. */
import type { Server } from 'node:net';

/** Resolves with the port, which matters for port 0; rejects when it cannot be opened. */
export async function listenOn(server: Server, host: string, port: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen({ host, port }, () => resolve());
  await promise;
  server.off('error', reject);
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}
