/** A program that a test steers: it connects to the test's port, tells who it is, and does as it is told: print, exit. */

import { connect } from 'node:net';
import { createInterface } from 'node:readline';

const [address = '', ...argv] = process.argv.slice(2);
const [host = '', port = '0'] = address.split(':');
const socket = connect(Number(port), host);
socket.on('error', () => process.exit(99));
socket.write(`${JSON.stringify({ argv, env: process.env })}\n`);

for await (const line of createInterface({ input: socket })) {
  const order: { print?: string; exit?: number } = JSON.parse(line);
  if (order.print !== undefined) process.stdout.write(`${order.print}\n`);
  if (order.exit !== undefined) process.exit(order.exit);
}
process.exit(98);
