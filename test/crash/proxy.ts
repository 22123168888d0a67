/**
 * A proxy between `pg` and Postgres that does what networks do: cuts a connection at the worst moment, delays, or goes
 * silent without a word.
 *
 * It knows of the protocol only the name of the function that commits.
 */
import { connect, createServer, type Socket } from 'node:net';

/** Where a connection is cut, seen from the commit that it carries. */
export type Cut =
  /** The statement never leaves. */
  | 'before'
  /** A part of the statement leaves. */
  | 'within'
  /** The statement is carried out, and its answer never comes. */
  | 'after'
  /** A part of the answer comes. */
  | 'within the answer';

/** What goes wrong. */
export type Fault = {
  /** Asked for each commit, or for each statement when `isAny`: how to cut it, if at all. */
  readonly cut?: (() => Cut | undefined) | undefined;
  readonly isAny?: boolean;
  /** Everything comes so much later, in ms. */
  readonly delayMs?: number;
  /** Nothing goes through any more, and nobody is told; connections stay as they are for good. */
  readonly isSilent?: boolean;
};

/** A running proxy. */
export type NetworkProxy = {
  /** `url` by way of the proxy. */
  through(url: string): string;
  /** Replaces what goes wrong; `{}` is a good network. Connections that met silence stay silent. */
  setFault(fault: Fault): void;
  cuts(): number;
  close(): Promise<void>;
};

const COMMIT = Buffer.from('commit_2(');

/** A proxy to the server that `url` names. */
export async function openProxy(url: string): Promise<NetworkProxy> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let fault: Fault = {};
  let cuts = 0;

  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    let pending: Cut | undefined;
    let isSilent = false;
    const end = () => {
      client.resetAndDestroy();
      upstream.resetAndDestroy();
    };
    const cut = () => {
      cuts += 1;
      end();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        // Whoever meets silence does not even hear that the other end is gone.
        if (!isSilent) end();
      });
    }
    const pass = (to: Socket, chunk: Buffer) => {
      isSilent ||= fault.isSilent === true;
      if (isSilent) return;
      const { delayMs = 0 } = fault;
      if (delayMs === 0) to.write(chunk);
      else setTimeout(() => to.writable && to.write(chunk), delayMs);
    };
    client.on('data', (chunk) => {
      if (fault.isAny === true || chunk.includes(COMMIT)) pending = fault.cut?.();
      if (pending === 'before') return cut();
      if (pending !== 'within') return pass(upstream, chunk);
      pass(upstream, chunk.subarray(0, Math.floor(chunk.length / 2)));
      // What was written leaves before the connection is cut.
      setImmediate(cut);
    });
    upstream.on('data', (chunk) => {
      if (pending === 'after') return cut();
      if (pending !== 'within the answer') return pass(client, chunk);
      pending = undefined;
      pass(client, chunk.subarray(0, Math.ceil(chunk.length / 2)));
      setImmediate(cut);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;

  return {
    through(to) {
      const changed = new URL(to);
      changed.hostname = '127.0.0.1';
      changed.port = String(port);
      return changed.href;
    },
    setFault(next) {
      fault = next;
    },
    cuts: () => cuts,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
