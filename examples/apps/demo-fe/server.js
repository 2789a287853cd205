/** Starts the app and stops it on SIGTERM. */
import { createServer } from 'node:http';
import { createApp } from './app.js';
import { readConfig } from './config.js';

const config = readConfig(process.env);
const server = createServer(createApp(config));
server.listen(config.port, config.host, () =>
  console.log(`listening on ${config.host}:${server.address().port}`),
);

for (const signal of ['SIGTERM', 'SIGINT']) {
  process.once(signal, () => {
    server.close(() => process.exit(0));
    server.closeIdleConnections();
  });
}
