/**
 * Answers: what follows when somebody replies to a message, presses a key on the phone, or types a command.
 *
 * Who answers is told from where it comes, and which message from what they name, or because only one waits. Where that
 * leaves a doubt nothing is done: a page that goes on does less harm than the wrong one that stops.
 */
import * as z from 'zod';
import { allowed } from '../core/lifecycle/allowed.ts';
import type { IncidentContext } from '../core/lifecycle/context.ts';
import type { IncidentSnapshot } from '../core/lifecycle/snapshot.ts';
import { statusOf } from '../core/lifecycle/view.ts';
import { replyCode } from '../core/paging/reply-code.ts';
import { TOKEN_ACTIONS, type TokenAction } from '../model/action.ts';
import type { StoredDelivery } from '../model/delivery.ts';
import { idSchema } from '../model/identity.ts';
import type { Phase } from '../model/incident.ts';
import { type Once, runCommand, runCommandOnce } from './commands.ts';
import type { Engine } from './engine.ts';
import { checkShape } from './input.ts';
import { type AnswerFrom, isSame, peopleBehind, personBehind } from './person-behind.ts';
import type { ReadyIncident } from './reads.ts';
import type { Answered } from './redeem.ts';
import { inputOf } from './redeem.ts';
import { refusedAnswer } from './refused-answer.ts';
import { configOf } from './tenant-config.ts';
import { reaching } from './transact.ts';

/** What somebody answers. */
export type AnswerInput = {
  readonly action: TokenAction;
  /** Where it comes from, as the channel says: the host has verified that. */
  readonly from: AnswerFrom;
  /** What the provider calls the message that it answers, such as a call or the message with the button. */
  readonly externalId?: string | undefined;
  /** The code of the message, or the id of the incident. */
  readonly about?: string | undefined;
  /** What the provider calls the answer: the same one is taken once. */
  readonly answerId?: string | undefined;
};

/** An incident that waits for an answer, and how its message is named. */
type Waiting = { readonly incidentId: string; readonly title: string; readonly code: string };
/** The incident that is meant, and who means it. */
type Meant = { readonly incidentId: string; readonly user: string };

const OPEN: readonly Phase[] = ['triage', 'investigating', 'identified', 'monitoring'];
const CODE = /^\d{4}$/;
const name = z.string().min(1).max(1_024);
const inputSchema = z.strictObject({
  action: z.enum(TOKEN_ACTIONS),
  from: z.strictObject({ notifier: idSchema, address: name }),
  externalId: name.optional(),
  about: z.string().trim().min(1).max(200).optional(),
  answerId: name.optional(),
});
/** How long the same answer is known to be the same. */
const KEPT_MS = 86_400_000;
const PAGE_SIZE = 500;
const MOST_CHOICES = 20;

/** Does what somebody answers. */
export async function answer(engine: Engine, tenant: string, given: unknown): Promise<Answered> {
  const input = checkShape('answer', inputSchema, given);
  await engine.ready();
  const { action, from, answerId } = input;
  const meant = await whatIsMeant(engine, tenant, input);
  const { incidentId: id, user } = meant;
  const command = { tenant, name: action, id };
  if (answerId === undefined) {
    const incident = await runCommand(engine, tenant, action, id, inputOf(action, user));
    return { action, user, incident };
  }
  const once: Once = {
    slot: { kind: 'answer', key: JSON.stringify([from.notifier, answerId]) },
    until: engine.clock.now() + KEPT_MS,
    check({ isTaken }) {
      if (isTaken)
        throw refusedAnswer(engine, 'used', { tenant, action, incidentId: id, user, notifier: from.notifier });
    },
  };
  return { action, user, incident: await runCommandOnce(engine, command, inputOf(action, user), once) };
}

async function whatIsMeant(engine: Engine, tenant: string, input: AnswerInput): Promise<Meant> {
  if (input.externalId !== undefined) return byMessage(engine, tenant, input, input.externalId);
  const { about, from, action } = input;
  const tried = { tenant, action, notifier: from.notifier };
  const people = await peopleBehind(engine, tenant, from);
  if (people.length === 0) throw refusedAnswer(engine, 'unknown-person', tried);
  if (about === undefined || CODE.test(about)) return byAddress(engine, input, { tried, people });
  // Whoever is known may speak of any incident.
  const [user] = people;
  if (user === undefined || people.length > 1)
    throw refusedAnswer(engine, 'unknown-person', { ...tried, incidentId: about });
  return { incidentId: about, user };
}

/** The incident of the message that is answered, by whoever it was sent to, or by whom the channel says. */
async function byMessage(engine: Engine, tenant: string, input: AnswerInput, externalId: string): Promise<Meant> {
  const { from, action } = input;
  const found = await reaching(() => engine.storage.listDeliveries(tenant, { externalId, limit: 100 }));
  const ofIt = found.filter(({ via, notifier }) => (via ?? notifier) === from.notifier);
  const tried = { tenant, action, notifier: from.notifier };
  const incidents = new Set(ofIt.flatMap((delivery) => delivery.incidentId ?? delivery.reactsTo?.incidentId ?? []));
  const [incidentId] = incidents;
  if (incidentId === undefined) throw refusedAnswer(engine, 'nothing-open', tried);
  if (incidents.size > 1) throw refusedAnswer(engine, 'ambiguous', tried);
  const own = ofIt.find(({ user, address }) => user !== undefined && address === from.address);
  const user = own?.user ?? (await personBehind(engine, tenant, from));
  if (user === undefined) throw refusedAnswer(engine, 'unknown-person', { ...tried, incidentId });
  return { incidentId, user };
}

type Asking = {
  readonly tried: { readonly tenant: string; readonly action: string; readonly notifier: string };
  readonly people: readonly string[];
};

/** The one incident that was sent to this address and waits for this answer. */
async function byAddress(engine: Engine, { action, about, from }: AnswerInput, asking: Asking): Promise<Meant> {
  const { tried, people } = asking;
  const sent = await sentTo(engine, tried.tenant, from, people);
  const open = sent.filter(({ snapshot, user }) => waitsFor(action, snapshot, user));
  const named = about === undefined ? open : open.filter(({ codes }) => codes.includes(about));
  const [only] = named;
  if (only === undefined) throw refusedAnswer(engine, 'nothing-open', tried);
  if (named.length > 1) {
    const choices = named.slice(0, MOST_CHOICES).map(choiceOf);
    throw refusedAnswer(engine, 'ambiguous', { ...tried, choices });
  }
  return { incidentId: only.context.id, user: only.user };
}

/** An open incident, and who was asked about it at the address. */
type Sent = {
  readonly context: IncidentContext;
  readonly snapshot: IncidentSnapshot;
  readonly user: string;
  /** The codes of its messages, the latest last. */
  readonly codes: readonly string[];
};

function choiceOf({ context, codes }: Sent): Waiting {
  return { incidentId: context.id, title: context.title, code: codes.at(-1) ?? '' };
}

/** The open incidents of which a message went to `from`, in the order in which they were opened. */
async function sentTo(
  engine: Engine,
  tenant: string,
  from: AnswerFrom,
  people: readonly string[],
): Promise<readonly Sent[]> {
  const { failover } = configOf(engine, tenant).config;
  const found: Sent[] = [];
  for await (const { id, snapshot } of openIncidents(engine, tenant)) {
    if (!people.some((user) => Object.hasOwn(snapshot.context.paged, user))) continue;
    const sent = await reaching(() => engine.storage.listDeliveries(tenant, { incidentId: id, state: 'sent' }));
    const here = sent.filter((delivery) => delivery.user !== undefined && isSame(delivery, from, failover));
    const user = ownerOf(here);
    if (user !== undefined)
      found.push({ context: snapshot.context, snapshot, user, codes: here.map((delivery) => replyCode(delivery.id)) });
  }
  return found.toReversed();
}

async function* openIncidents(engine: Engine, tenant: string): AsyncGenerator<ReadyIncident> {
  let cursor: string | undefined;
  do {
    const query = { phases: OPEN, limit: PAGE_SIZE, ...(cursor !== undefined && { cursor }) };
    const { items, next } = await reaching(() => engine.storage.listIncidents(tenant, query));
    for (const row of items) {
      const incident = await engine.reads.incident(row);
      if (incident !== undefined) yield incident;
    }
    cursor = next;
  } while (cursor !== undefined);
}

/** Of an address that several people share nobody knows who answers. */
function ownerOf(deliveries: readonly StoredDelivery[]): string | undefined {
  const users = new Set(deliveries.map(({ user }) => user));
  const [only] = users;
  return users.size === 1 ? only : undefined;
}

function waitsFor(action: TokenAction, snapshot: IncidentSnapshot, user: string): boolean {
  const { acknowledgedBy } = snapshot.context;
  if (action === 'acknowledge') return statusOf(snapshot) === 'triggered' && !acknowledgedBy.includes(user);
  return allowed(snapshot).includes(action);
}
