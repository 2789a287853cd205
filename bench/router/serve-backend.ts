/** A backend in a process of its own, which answers at once: argument 1 is its address; it prints its port. */
import { createServer } from 'node:http';

const [address] = process.argv.slice(2);
const body = JSON.stringify({ app: 'backend', text: 'x'.repeat(200) });
const headers = { 'content-type': 'application/json', 'content-length': String(body.length) };
const server = createServer((_, response) => response.writeHead(200, headers).end(body));
server.listen({ host: address, port: 0 }, () => {
  const bound = server.address();
  console.log(typeof bound === 'object' && bound !== null ? bound.port : 0);
});
// The benchmark holds the other end: when it ends, however it ends, so does this.
process.stdin.on('end', () => process.exit()).resume();
