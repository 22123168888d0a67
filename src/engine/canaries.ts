/**
 * Canaries: messages that are sent regularly, to learn whether a notifier still delivers.
 *
 * One document and one timer row for each, always written together, so that one process sends whichever there are. A canary is a
 * delivery like any other: whatever keeps it from arriving would keep a page from arriving.
 */
import * as z from 'zod';
import { textsFor } from '../core/paging/message-texts.ts';
import { TocsinError } from '../errors.ts';
import type { Canary } from '../model/config.ts';
import type { StoredDelivery } from '../model/delivery.ts';
import { durationMs } from '../model/duration.ts';
import type { StoredDocument, StoredTimer } from '../ports/storage.ts';
import { type ChangeParts, NO_CHANGE } from './change.ts';
import type { Decidable } from './current-config.ts';
import type { Engine } from './engine.ts';
import { configOf } from './tenant-config.ts';
import { type Decided, reaching, transact } from './transact.ts';

/** The owner of the timer of a canary, and its kind. */
export const CANARY = 'canary';
export const NEXT = 'next';
const CANARIES = 'canaries';

/** How a canary stands. `late`: it did not arrive, or was not said to have arrived, within its time. */
export type CanaryState = 'waiting' | 'onItsWay' | 'arrived' | 'late' | 'failed';

/** A canary, and what became of the latest message. */
export type CanaryView = {
  readonly id: string;
  readonly notifier: string;
  readonly state: CanaryState;
  /** When the latest message was sent. */
  readonly at?: Date | undefined;
  readonly error?: string | undefined;
};

/** The canaries of one tenant. */
export type CanariesApi = {
  /** In the order of the configuration. */
  list(): Promise<readonly CanaryView[]>;
  /**
   * Sends one now, besides the regular ones.
   *
   * @throws TocsinError REFERENCE_UNKNOWN when the configuration has none of that id.
   */
  send(id: string): Promise<void>;
};

const flightSchema = z.object({
  /** How many were sent. */
  number: z.number().int(),
  sentAt: z.number(),
  /** When to send the next one, or to look at this one. */
  dueAt: z.number(),
  state: z.enum(['waiting', 'onItsWay', 'arrived', 'late', 'failed']),
  error: z.string().optional(),
});
type Flight = z.infer<typeof flightSchema>;

/** How long a canary that this process does not know is left to one that may. */
const OTHERS_MS = 45_000;

const documentKey = (id: string) => ({ collection: CANARIES, id });
/** One that is forgotten and given again is counted anew: its moment tells its messages from those of before. */
const deliveryId = (id: string, { number, sentAt }: Pick<Flight, 'number' | 'sentAt'>) =>
  `canary:${id}:${number}:${sentAt}`;

/** The canaries of one tenant. */
export function canariesApi(engine: Engine, tenant: string): CanariesApi {
  return {
    list: () => listCanaries(engine, tenant),
    async send(id) {
      const canary = configured(engine, tenant, id);
      if (canary === undefined) throw unknown(engine, tenant, id);
      const sent = await transact(engine, { tenant, documents: [documentKey(id)] }, (loaded): Decided<true> => {
        const { document, flight } = flightOf(loaded, id);
        return {
          change: sending(tenant, canary, { document, flight, now: loaded.now, title: titleOf(engine) }),
          answer: () => true,
        };
      });
      if (sent) engine.stored(0);
    },
  };
}

/** How each canary of a tenant stands; asks the storage only where there are any. */
export async function listCanaries(engine: Engine, tenant: string): Promise<readonly CanaryView[]> {
  const { canaries } = configOf(engine, tenant).config;
  if (canaries.length === 0) return [];
  const documents = canaries.map(({ id }) => documentKey(id));
  const loaded = await reaching(() => engine.storage.load({ tenant, documents }));
  return canaries.map(({ id, notifier }) => {
    const { flight } = flightOf(loaded, id);
    return {
      id,
      notifier,
      state: flight?.state ?? 'waiting',
      ...(flight !== undefined && flight.number > 0 && { at: new Date(flight.sentAt) }),
      ...(flight?.error !== undefined && { error: flight.error }),
    };
  });
}

/** Fires the timer of a canary: what became of the latest message is found out, and the next one goes out when it is time. */
export async function fireCanary(engine: Engine, timer: StoredTimer): Promise<boolean> {
  const { tenant, ownerId: id } = timer;
  const canary = configured(engine, tenant, id);
  const outcome = await transact<Outcome>(engine, { tenant, documents: [documentKey(id)] }, (loaded) => {
    const { document, flight } = flightOf(loaded, id);
    if (document?.version !== timer.armedSeq || flight === undefined) return { answer: () => ({ is: 'stale' }) };
    if (flight.dueAt > loaded.now) return { answer: () => ({ is: 'not yet' }) };
    if (canary === undefined) {
      // Another process may have been given a newer configuration, or an older one.
      if (loaded.now - flight.dueAt < OTHERS_MS) return { answer: () => ({ is: 'not yet' }) };
      return { change: flightChange(id, document, undefined), answer: () => ({ is: 'fired' }) };
    }
    return { answer: () => ({ is: 'due', flight, canary }) };
  });
  if (outcome.is === 'stale') await reaching(() => engine.storage.dropTimer(timer));
  if (outcome.is !== 'due') return outcome.is === 'fired';
  const { flight } = outcome;
  const isOpen = flight.state === 'onItsWay' || flight.state === 'late';
  const found = isOpen ? await verdictOn(engine, tenant, outcome) : undefined;
  const isDone = await goOn(engine, timer, { canary: outcome.canary, found });
  const isNews = found !== undefined && (found.state !== flight.state || found.isUnderWay === true);
  if (isDone && isNews && found.state !== 'arrived') tell(engine, tenant, outcome.canary, found);
  return isDone;
}

type Outcome =
  | { readonly is: 'stale' | 'not yet' | 'fired' }
  | { readonly is: 'due'; readonly flight: Flight; readonly canary: Canary };
type Found = {
  readonly state: CanaryState;
  readonly error?: string | undefined;
  /** It is still tried. */
  readonly isUnderWay?: true;
};

/** Keeps what was found, or sends the next one; answers whether it did. */
async function goOn(
  engine: Engine,
  { tenant, ownerId: id, armedSeq }: StoredTimer,
  { canary, found }: { readonly canary: Canary; readonly found: Found | undefined },
): Promise<boolean> {
  return transact(engine, { tenant, documents: [documentKey(id)] }, (loaded): Decided<boolean> => {
    const { document, flight } = flightOf(loaded, id);
    if (document?.version !== armedSeq || flight === undefined) return { answer: () => false };
    const next = found === undefined ? flight : { ...flight, state: found.state, error: found.error };
    const everyMs = durationMs(canary.every);
    // While the latest one is still tried there is no second one: in an outage they would pile up, and all arrive after it.
    const nextAt = found?.isUnderWay === true ? loaded.now + everyMs : flight.sentAt + everyMs;
    // One that was sent in the future was sent by a clock that has gone back since.
    const sendAt = flight.sentAt > loaded.now ? loaded.now : nextAt;
    const change =
      flight.number > 0 && sendAt > loaded.now
        ? flightChange(id, document, { ...next, dueAt: sendAt })
        : sending(tenant, canary, { document, flight: next, now: loaded.now, title: titleOf(engine) });
    return { change, answer: () => true };
  });
}

/** There is nothing to do: whoever gets it may not know what it is. */
function titleOf({ words }: Pick<Engine, 'words'>): string {
  return textsFor(undefined, words.texts).texts.canaryTitle;
}

function tell(engine: Engine, tenant: string, { id, notifier }: Canary, { state, error }: Found): void {
  engine.logger.error({ tenant, canary: id, notifier, state, error }, 'A canary did not arrive: pages may not either.');
  engine.bus.tell('canary.failed', { type: 'canary.failed', tenant, canary: id, notifier, state, error });
}

/** What became of the latest message. */
async function verdictOn(
  engine: Engine,
  tenant: string,
  { flight, canary }: { readonly flight: Flight; readonly canary: Canary },
): Promise<Found> {
  const id = deliveryId(canary.id, flight);
  const [row] = await reaching(() => engine.storage.listDeliveries(tenant, { id, limit: 1 }));
  const error = row?.error;
  if (row?.state === 'dead') return { state: 'failed', error };
  if (row?.state === 'pending' || row?.state === 'leased')
    return { state: 'late', error: error ?? 'it was not sent in time', isUnderWay: true };
  if (row?.state !== 'sent') return { state: 'late', error: error ?? 'it was not sent' };
  if (canary.within === undefined || row.receipt !== undefined) return { state: 'arrived', error: undefined };
  return { state: 'late', error: `no receipt came within ${canary.within}` };
}

type Sending = {
  readonly document: StoredDocument | undefined;
  readonly flight: Flight | undefined;
  readonly now: number;
  /** What whoever reads it is told. */
  readonly title: string;
};

/** The next message, and the timer by which to look at it. */
function sending(tenant: string, canary: Canary, { document, flight, now, title }: Sending): ChangeParts {
  const number = (flight?.number ?? 0) + 1;
  const lookMs = durationMs(canary.within ?? canary.every);
  const next: Flight = { number, sentAt: now, dueAt: now + lookMs, state: 'onItsWay' };
  return {
    ...flightChange(canary.id, document, next),
    deliveries: [messageOf(tenant, canary, { title, number, now })],
  };
}

type Numbered = { readonly title: string; readonly number: number; readonly now: number };

function messageOf(tenant: string, canary: Canary, { title, number, now }: Numbered): StoredDelivery {
  return {
    id: deliveryId(canary.id, { number, sentAt: now }),
    tenant,
    page: 0,
    purpose: 'canary',
    content: { topic: 'canary', title, body: `${canary.id} ${number}` },
    position: { cycle: 0, loop: 0, step: 0 },
    contact: canary.id,
    notifier: canary.notifier,
    address: canary.address,
    urgency: 'low',
    state: 'pending',
    requestedAt: now,
    dueAt: now,
    attempts: 0,
  };
}

/** What is to be written so that the timer of a canary is there and no later than it should be; nothing when all is well. */
export function lookAfterCanary(canary: Canary, loaded: Decidable): ChangeParts | undefined {
  const { document, flight } = flightOf(loaded, canary.id);
  if (flight === undefined) {
    const first: Flight = { number: 0, sentAt: loaded.now, dueAt: loaded.now, state: 'waiting' };
    return flightChange(canary.id, document, first);
  }
  const latest = loaded.now + durationMs(canary.every);
  return flight.dueAt <= latest ? undefined : flightChange(canary.id, document, { ...flight, dueAt: latest });
}

/** Names what {@link lookAfterCanary} looks at. */
export const canaryDocument = documentKey;

function configured(engine: Engine, tenant: string, id: string): Canary | undefined {
  return configOf(engine, tenant).config.canaries.find((canary) => canary.id === id);
}

function flightOf({ documents }: Pick<Decidable, 'documents'>, id: string) {
  const document = documents.find((one) => one.collection === CANARIES && one.id === id);
  return { document, flight: flightSchema.safeParse(document?.data).data };
}

function flightChange(id: string, document: StoredDocument | undefined, flight: Flight | undefined): ChangeParts {
  const expectedVersion = document?.version ?? 0;
  const owner = { ownerKind: CANARY, ownerId: id, kind: NEXT } as const;
  return {
    ...NO_CHANGE,
    documents: [{ ...documentKey(id), expectedVersion, data: flight }],
    timers: [
      flight === undefined
        ? { type: 'cancel', ...owner }
        : { type: 'arm', ...owner, armedSeq: expectedVersion + 1, dueAt: flight.dueAt },
    ],
  };
}

function unknown(engine: Engine, tenant: string, id: unknown): TocsinError {
  const known = configOf(engine, tenant).config.canaries.map((canary) => canary.id);
  const some = known.slice(0, 8).join(', ') || 'none';
  return new TocsinError(
    'REFERENCE_UNKNOWN',
    `Cannot send canary ${String(id).slice(0, 200)}: there is none of that id. Known: ${some}.`,
    { details: { canary: id } },
  );
}
