/**
 * A receiver of webhooks in a process of its own: it answers 204 and counts.
 *
 * Started by the measurements; it says its port on the first line of its output, and its count when it is asked.
 */
import { createServer } from 'node:http';

let received = 0;
const server = createServer((request, response) => {
  if (request.url === '/count') return void response.end(String(received));
  request.resume().on('end', () => {
    received += 1;
    response.writeHead(204).end();
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  console.log(typeof address === 'object' && address !== null ? address.port : 0);
});
process.stdin.on('end', () => process.exit()).resume();
