/**
 * Receiver: the phones, in a process that nobody kills. It writes down what arrived, and from whom.
 *
 * It never judges. Each message is answered a moment after it was written down, so that a sender can die in between.
 */
import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

/** One message that arrived. */
export type Arrival = {
  /** The process that sent it. */
  readonly from: string;
  readonly key: string;
  readonly deliveryId: string;
  readonly incidentId: string;
  readonly purpose: string;
  readonly step: number;
  readonly user: string;
};

/** A running receiver. */
export type Receiver = {
  readonly url: string;
  /** In the order in which they came. */
  readonly arrivals: readonly Arrival[];
  /** Calls `listener`, and no earlier one any more, before a message is answered. */
  onArrival(listener: (arrival: Arrival) => void): void;
  close(): Promise<void>;
};

/** Answers each message `latencyMs` after it was written down. */
export async function openReceiver({ latencyMs = 5 }: { readonly latencyMs?: number } = {}): Promise<Receiver> {
  const arrivals: Arrival[] = [];
  let listen: (arrival: Arrival) => void = () => {};
  const server = createServer(async (request, response) => {
    const arrival = await arrivalOf(request).catch(() => undefined);
    // A message that was torn by a kill is none.
    if (arrival === undefined) return;
    arrivals.push(arrival);
    listen(arrival);
    setTimeout(() => response.end(), latencyMs);
  });
  server.on('clientError', (_, socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    arrivals,
    onArrival(listener) {
      listen = listener;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function arrivalOf(request: IncomingMessage): Promise<Arrival> {
  return JSON.parse(await text(request));
}
