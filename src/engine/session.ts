/**
 * A session: commands and events within a transaction that the host has begun, and will commit or roll back itself.
 *
 * Nothing is told and nobody is woken before the host has committed; it may say so with `committed()`. Otherwise whoever
 * looks for due rows next finds them. Nothing here waits for a turn: the host holds locks that such a wait could wait for.
 */
import type { Bus } from './bus.ts';
import type { Engine } from './engine.ts';
import { createReads } from './reads.ts';

/** An engine that works on the host's transaction, and how to say that the host has committed. */
export type Session = { readonly engine: Engine; readonly committed: () => void };

/** The engine within the transaction of `client`. */
export function createSession(engine: Engine, client: unknown): Session {
  const session = engine.storage.withClient(client);
  const reads = createReads(session, engine.quarantine, engine.logger);
  const waiting: (() => void)[] = [];
  const bus: Bus = {
    on: engine.bus.on,
    tell: (type, news) => void waiting.push(() => engine.bus.tell(type, news)),
  };
  return {
    engine: {
      ...engine,
      // What is looked at is looked at within it too; a list would need a connection of its own.
      storage: { ...engine.storage, ...session, listIncidents: async () => ({ items: [] }) },
      reads,
      load: reads.load,
      current: engine.current.within(reads.load),
      commit: async (change) => (await session.commit([change]))[0] ?? 'conflict',
      bus,
      inTurn: (_, work) => work(),
      // Migrating takes a connection of its own, which a host within a transaction may not have.
      ready: async () => {
        if (engine.isStopped()) await engine.ready();
      },
      wake: (inMs) => void waiting.push(() => engine.wake(inMs)),
      stored: (inMs) => void waiting.push(() => engine.stored(inMs)),
    },
    committed() {
      for (const tell of waiting.splice(0)) tell();
    },
  };
}
