/**
 * PagerDuty: makes an incident there of each incident here, by the Events API v2, and keeps it in step.
 *
 * A routing key is a secret: addresses only name one, and no error repeats it. It never pages for what asks for nothing.
 *
 * @see https://developer.pagerduty.com/docs/events-api-v2/overview/
 */
import type { Message, MessageStatus } from '../model/message.ts';
import { isMirrorKey } from '../model/mirror-key.ts';
import { type Notifier, notifyError, type SendResult } from '../ports/notifier.ts';
import { originOf } from './http/checked-options.ts';
import { fieldOf } from './http/json-answer.ts';
import { namedKey } from './http/named-keys.ts';
import { askJson, strangeAnswer } from './http/post-json.ts';
import { changeEvent, dedupKeyOf, triggerEvent } from './pagerduty/event.ts';
import { type Attempt, type Incidents, incidentsOf } from './pagerduty/incidents.ts';
import { type Account, type PagerDutyNotifierOptions, readAccount } from './pagerduty/options.ts';

export type { PagerDutySeverity } from './pagerduty/event.ts';
export type { PagerDutyNotifierOptions, PagerDutyRest } from './pagerduty/options.ts';

const LOOK_MS = 3_000;
const ASKS_FOR_NOTHING: readonly Message['purpose'][] = ['handoff', 'notice', 'summary', 'verification', 'canary'];

/**
 * A notifier whose addresses name one of `routingKeys`. It mirrors incidents and can be a channel of a policy as well.
 *
 * The dedup key is `tocsin:<tenant>:<incident>`, so that repeats make one incident there. A message of status
 * `acknowledged` triggers and acknowledges; one of status `resolved` creates nothing. What asks for nothing, such as a
 * canary, becomes a change event. `externalId` is the id of the incident there (with `rest`, once it is found), else the
 * dedup key. 408, 421, 425, 429 (with the wait that the answer asks for, between 1 s and 15 min), 5xx and network failures are
 * tried again; any other answer, and an address that names no key, is permanent. Experimental.
 *
 * @throws TocsinError INPUT_INVALID when a key, a token, an address or a severity is malformed, or an option is not known.
 * @see https://developer.pagerduty.com/docs/events-api-v2/trigger-events/
 * @example
 * ```ts
 * import { pagerDutyNotifier } from 'tocsin/notifiers/pagerduty';
 * const notifier = pagerDutyNotifier({ routingKeys: { default: 'a1b2c3d4e5f6a7b8c9d0a1b2c3d4e5f6' } });
 * notifier.mirrors; // => 'pagerduty'
 * ```
 */
export function pagerDutyNotifier(options: PagerDutyNotifierOptions): Notifier {
  const account = readAccount(options);
  const incidents = incidentsOf(account);
  return {
    name: options.name ?? 'pagerduty',
    kind: 'webhook',
    mirrors: 'pagerduty',
    capabilities: { canUpdate: true },
    provider: () => originOf(account.eventsUrl),
    async send(message, sending) {
      const attempt = { message, sending };
      if (ASKS_FOR_NOTHING.includes(message.purpose)) {
        await post(account, attempt, 'change/enqueue', changeEvent(message));
        return undefined;
      }
      const dedupKey = dedupKeyOf(message);
      await enqueue(account, attempt, dedupKey, FIRST_ACTIONS[message.status ?? 'triggered']);
      if (message.status === 'resolved') return undefined;
      return (await foundQuietly(incidents, attempt, dedupKey)) ?? { externalId: dedupKey };
    },
    async update(externalId, message, sending) {
      const attempt = { message, sending };
      const dedupKey = isMirrorKey(externalId) ? externalId : dedupKeyOf(message);
      await enqueue(account, attempt, dedupKey, actionsFor(message));
      const note = noteOf(message);
      if (note === undefined || incidents === undefined) return await foundQuietly(incidents, attempt, dedupKey);
      const found = await incidents.find(dedupKey, attempt);
      const id = found?.externalId ?? externalId;
      if (id === dedupKey)
        throw notifyError('Cannot add a note: PagerDuty shows no incident yet. This is tried again.');
      await incidents.addNote(id, note, attempt);
      return found;
    },
  };
}

type EventAction = 'trigger' | 'acknowledge' | 'resolve';

const FIRST_ACTIONS: Readonly<Record<MessageStatus, readonly EventAction[]>> = {
  triggered: ['trigger'],
  acknowledged: ['trigger', 'acknowledge'],
  // An attempt before this one may have arrived although its answer was lost. Where nothing is, this does nothing.
  resolved: ['resolve'],
};

/**
 * What brings the incident there to where ours is. A note says nothing new of the incident itself: it never opens again what
 * somebody has resolved there.
 */
function actionsFor(message: Message): readonly EventAction[] {
  const { status = 'triggered', topic } = message;
  const isKnown = isTalk(message) || (status === 'acknowledged' && topic === 'acknowledged');
  return FIRST_ACTIONS[status].filter((action) => action !== 'trigger' || !isKnown);
}

function isTalk({ purpose, topic }: Message): boolean {
  return purpose === 'mirror' && (topic === 'note' || topic === 'update');
}

/** The text to add as a note: of a note its body; of what PagerDuty has no event for, the message itself. */
function noteOf(message: Message): string | undefined {
  const { title, lines, body, status, purpose, topic } = message;
  const text = [title, ...lines].join('\n');
  if (isTalk(message)) return body ?? text;
  return purpose === 'mirror' && topic === 'unacknowledged' && status === 'triggered' ? text : undefined;
}

async function enqueue(
  account: Account,
  attempt: Attempt,
  dedupKey: string,
  actions: readonly EventAction[],
): Promise<void> {
  for (const action of actions) {
    const event = action === 'trigger' ? triggerEvent(attempt.message, account.severityOf) : {};
    await post(account, attempt, 'enqueue', { event_action: action, dedup_key: dedupKey, ...event });
  }
}

async function post(
  { eventsUrl, routingKeys, fetch, secrets }: Account,
  { message, sending }: Attempt,
  method: 'enqueue' | 'change/enqueue',
  event: object,
): Promise<void> {
  const routingKey = namedKey('PagerDuty', routingKeys, message.to.address);
  const asked = {
    address: `${eventsUrl}/v2/${method}`,
    body: JSON.stringify({ routing_key: routingKey, ...event }),
    headers: {},
    nowMs: message.sentAt,
    signal: sending.signal,
    fetch,
    secrets,
  };
  const answer = await askJson(asked);
  if (fieldOf(answer, ['status']) !== 'success') throw strangeAnswer('PagerDuty', answer, asked);
}

/** What the incident is called there, if that is found out soon: the events were taken, so nothing may fail for it. */
async function foundQuietly(
  incidents: Incidents | undefined,
  { message, sending }: Attempt,
  dedupKey: string,
): Promise<SendResult | undefined> {
  // What is about no incident is known by its dedup key only, and what has ended is updated no more.
  if (message.incidentId === undefined || message.status === 'resolved') return undefined;
  const signal = AbortSignal.any([sending.signal, AbortSignal.timeout(LOOK_MS)]);
  try {
    return await incidents?.find(dedupKey, { message, sending: { ...sending, signal } });
  } catch (error) {
    if (sending.signal.aborted) throw error;
    return undefined;
  }
}
