/**
 * Answers: what follows when somebody replies to a message, presses a key on the phone, or types a command.
 *
 * Who answers is told from where it comes, and which message from what they name, or because only one waits. Where that
 * leaves a doubt nothing is done: a page that goes on does less harm than the wrong one that stops.
 */
import * as z from 'zod';
import { isAllowed } from '../core/lifecycle/allowed.ts';
import type { IncidentContext } from '../core/lifecycle/context.ts';
import type { IncidentSnapshot } from '../core/lifecycle/snapshot.ts';
import { statusOf } from '../core/lifecycle/view.ts';
import { replyCode } from '../core/paging/reply-code.ts';
import type { TocsinError } from '../errors.ts';
import { TOKEN_ACTIONS, type TokenAction } from '../model/action.ts';
import type { StoredDelivery } from '../model/delivery.ts';
import { listedWith } from './budgets.ts';
import { type Once, runCommand, runCommandOnce } from './commands.ts';
import { isPage } from './delivery-kind.ts';
import type { Engine } from './engine.ts';
import { checkShape } from './input.ts';
import { openIncidents, recentlyOver } from './open-incidents.ts';
import { type AnswerFrom, answerFrom, isSame, peopleBehind } from './person-behind.ts';
import type { ReadyIncident } from './reads.ts';
import { type Answered, inputOf } from './redeem.ts';
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

const CODE = /^\d{4}$/;
const name = z.string().min(1).max(1_024);
const inputSchema = z.strictObject({
  action: z.enum(TOKEN_ACTIONS),
  from: answerFrom,
  externalId: name.optional(),
  about: z.string().trim().min(1).max(200).optional(),
  answerId: name.optional(),
});
/** How long the same answer is known to be the same. */
const KEPT_MS = 86_400_000;
const MOST_CHOICES = 20;
/** Nobody has read a message so soon after it was handed over: an answer that names none is to one before it. */
const UNREAD_MS = 5_000;
/** How many incidents are looked at together. */
const TOGETHER = 20;
const ALL = 100_000;

/** Does what somebody answers. */
export async function answer(engine: Engine, tenant: string, given: unknown): Promise<Answered> {
  const input = checkShape('answer', inputSchema, given);
  await engine.ready();
  const { action, answerId } = input;
  const once = answerId === undefined ? undefined : onceFor(engine, tenant, input, answerId);
  // Before anything is looked for: what the first one has done may have changed what is found.
  if (once !== undefined) await refuseTaken(engine, tenant, once);
  const { incidentId: id, user } = await whatIsMeant(engine, tenant, input);
  const command = { tenant, name: action, id };
  const what = inputOf(action, user);
  const incident =
    once === undefined
      ? await runCommand(engine, tenant, action, id, what)
      : await runCommandOnce(engine, command, what, once);
  return { action, user, incident };
}

function onceFor(engine: Engine, tenant: string, { action, from }: AnswerInput, answerId: string): Once {
  return {
    slot: { kind: 'answer', key: JSON.stringify([from.notifier, answerId]) },
    until: engine.clock.now() + KEPT_MS,
    check({ isTaken }) {
      if (isTaken) throw refusedAnswer(engine, 'used', { tenant, action, notifier: from.notifier });
    },
  };
}

async function refuseTaken(engine: Engine, tenant: string, { slot, check }: Once): Promise<void> {
  const { slots, now } = await reaching(() => engine.storage.load({ tenant, slots: [slot] }));
  check({ isTaken: slots.length > 0, now });
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
  const { from, action, about } = input;
  const found = await reaching(() => engine.storage.listDeliveries(tenant, { externalId, limit: 100 }));
  const ofIt = found.filter(({ via, notifier }) => via === from.notifier || notifier === from.notifier);
  const tried = { tenant, action, notifier: from.notifier };
  // One message may list several incidents.
  const listed = (await Promise.all(ofIt.map((delivery) => listedWith(engine, delivery)))).flat();
  const all = [...ofIt, ...listed];
  if (all.every((delivery) => incidentOf(delivery) === undefined)) throw refusedAnswer(engine, 'nothing-open', tried);
  const people = await peopleBehind(engine, tenant, from);
  const own = ofIt.find(({ user, address }) => user !== undefined && people.includes(user) && address === from.address);
  const user = own?.user ?? (people.length === 1 ? people[0] : undefined);
  if (user === undefined) throw refusedAnswer(engine, 'unknown-person', tried);
  const named =
    about === undefined ? all : all.filter((one) => replyCode(one.id) === about || incidentOf(one) === about);
  const incidents = [...new Set(named.flatMap((delivery) => incidentOf(delivery) ?? []))];
  const [incidentId] = incidents;
  if (incidentId === undefined) throw refusedAnswer(engine, 'nothing-open', tried);
  if (incidents.length === 1) return { incidentId, user };
  const waiting = await waitingOf(engine, { tenant, action, user }, { incidents, deliveries: named });
  return { incidentId: theOnly(engine, waiting, tried).incidentId, user };
}

type Asked = { readonly tenant: string; readonly action: TokenAction; readonly user: string };

/** Of several incidents in one message those that wait for the answer. */
async function waitingOf(
  engine: Engine,
  { tenant, action, user }: Asked,
  { incidents, deliveries }: { readonly incidents: readonly string[]; readonly deliveries: readonly StoredDelivery[] },
): Promise<readonly Sent[]> {
  const loaded = await reaching(() => engine.storage.load({ tenant, incidents }));
  const ready = await Promise.all(loaded.incidents.map((row) => engine.reads.incident(row)));
  return ready.flatMap((incident) => {
    if (incident === undefined || !waitsFor(action, incident.snapshot, user)) return [];
    const codes = deliveries.filter((one) => incidentOf(one) === incident.id).map(({ id }) => replyCode(id));
    return [{ context: incident.snapshot.context, snapshot: incident.snapshot, users: [user], codes, sentAt: 0 }];
  });
}

function incidentOf({ incidentId, reactsTo }: StoredDelivery): string | undefined {
  return incidentId ?? reactsTo?.incidentId;
}

type Tried = { readonly tenant: string; readonly action: string; readonly notifier: string };
type Asking = { readonly tried: Tried; readonly people: readonly string[] };

/** The one incident that was sent to this address and waits for this answer. */
async function byAddress(engine: Engine, { action, about, from }: AnswerInput, asking: Asking): Promise<Meant> {
  const { tried, people } = asking;
  const sent = await sentTo(engine, tried.tenant, from, people);
  const named = about === undefined ? sent : sent.filter(({ codes }) => codes.includes(about));
  // Two messages may have the same code; that one of them waits for nothing does not say which one was meant.
  if (about !== undefined && named.length > 1) throw ambiguous(engine, named, tried);
  const waiting = named.filter(({ snapshot, users }) => users.some((user) => waitsFor(action, snapshot, user)));
  const { incidentId, users, sentAt } = theOnly(engine, waiting, tried);
  const isUnread = engine.clock.now() - sentAt < UNREAD_MS;
  if (about === undefined && isUnread && sent.length > 1) throw ambiguous(engine, waiting, tried);
  const [user] = users;
  // Of an address that several people share nobody knows who answers.
  if (user === undefined || users.length > 1) throw refusedAnswer(engine, 'unknown-person', { ...tried, incidentId });
  return { incidentId, user };
}

/** Where there are several nobody guesses. */
function theOnly(engine: Engine, found: readonly Sent[], tried: Tried) {
  const [only] = found;
  if (only === undefined) throw refusedAnswer(engine, 'nothing-open', tried);
  if (found.length > 1) throw ambiguous(engine, found, tried);
  return { incidentId: only.context.id, users: only.users, sentAt: only.sentAt };
}

function ambiguous(engine: Engine, found: readonly Sent[], tried: Tried): TocsinError {
  return refusedAnswer(engine, 'ambiguous', { ...tried, choices: found.slice(0, MOST_CHOICES).map(choiceOf) });
}

/** An incident, and who was asked about it at the address: several where they share it. */
type Sent = {
  readonly context: IncidentContext;
  readonly snapshot: IncidentSnapshot;
  readonly users: readonly string[];
  /** The codes of its messages, the latest last. */
  readonly codes: readonly string[];
  /** When its first message went there, epoch ms. */
  readonly sentAt: number;
};

function choiceOf({ context, codes }: Sent): Waiting {
  return { incidentId: context.id, title: context.title, code: codes.at(-1) ?? '' };
}

/**
 * The incidents of which a message that can be answered went to `from`, in the order in which they were opened: those that are
 * open, and those of the last day that are over, whose codes somebody may still answer.
 */
async function sentTo(
  engine: Engine,
  tenant: string,
  from: AnswerFrom,
  people: readonly string[],
): Promise<readonly Sent[]> {
  const { failover } = configOf(engine, tenant).config;
  const isHere = (one: StoredDelivery) => isPage(one) && people.includes(one.user ?? '') && isSame(one, from, failover);
  const asked: ReadyIncident[] = [];
  const isAsked = ({ snapshot }: ReadyIncident) => people.some((user) => Object.hasOwn(snapshot.context.paged, user));
  for await (const incident of openIncidents(engine, tenant)) if (isAsked(incident)) asked.push(incident);
  const since = engine.clock.now() - KEPT_MS;
  for await (const incident of recentlyOver(engine, tenant, since)) if (isAsked(incident)) asked.push(incident);
  const found: Sent[] = [];
  for (let next = 0; next < asked.length; next += TOGETHER) {
    const some = asked.slice(next, next + TOGETHER);
    const sent = await Promise.all(
      some.map(({ id }) =>
        reaching(() => engine.storage.listDeliveries(tenant, { incidentId: id, state: 'sent', limit: ALL })),
      ),
    );
    for (const [index, { snapshot }] of some.entries()) {
      const here = (sent[index] ?? []).filter(isHere);
      const [first] = here;
      if (first === undefined) continue;
      const users = [...new Set(here.flatMap(({ user }) => user ?? []))];
      const codes = here.map((delivery) => replyCode(delivery.id));
      found.push({ context: snapshot.context, snapshot, users, codes, sentAt: first.sentAt ?? first.dueAt });
    }
  }
  return found.toReversed().toSorted((a, b) => a.context.times.openedAt - b.context.times.openedAt);
}

function waitsFor(action: TokenAction, snapshot: IncidentSnapshot, user: string): boolean {
  const { acknowledgedBy } = snapshot.context;
  if (action === 'acknowledge') return statusOf(snapshot) === 'triggered' && !acknowledgedBy.includes(user);
  return isAllowed(snapshot, action);
}
