/**
 * Facts: what a message says of an incident, as data and as sentences.
 *
 * Pure. People are counted up to a bound and go by their names in sentences, by their ids in data.
 */
import type { StoredDelivery } from '../../model/delivery.ts';
import type { Message, MessagePurpose, MessageStatus } from '../../model/message.ts';
import type { IncidentContext } from '../lifecycle/context.ts';
import { boundedLine } from '../text/bounded.ts';
import { linesOf } from './message-lines.ts';
import type { LocalTexts } from './message-texts.ts';

/** Names that only the configuration knows. */
export type MessageNames = {
  readonly service?: string | undefined;
  /** Whom the message goes to. */
  readonly user?: string | undefined;
  /** The name of a person by their id. */
  readonly person?: ((user: string) => string | undefined) | undefined;
  /** The name of a role by its id. */
  readonly role?: ((role: string) => string | undefined) | undefined;
};

/** What one message is made in. */
export type MessageWorld = {
  readonly delivery: StoredDelivery;
  readonly purpose: MessagePurpose;
  readonly names: MessageNames;
  readonly sentAt: number;
  readonly local: LocalTexts;
  readonly status?: MessageStatus | undefined;
};

/** What is known beside title, body and links. */
export type MessageFacts = Pick<Message, 'urgency' | 'alertCount' | 'people' | 'lines'> & Partial<Message>;

const MAX_PEOPLE = 100;
const NOBODY: Message['people'] = { asked: [], acknowledgedBy: [] };

/** The facts of a message that is about no incident. */
export function factless({ delivery, purpose, sentAt, local }: MessageWorld): MessageFacts {
  const { urgency, requestedAt } = delivery;
  const facts = { purpose, requestedAt, sentAt, alertCount: 0, alsoAsked: [], acknowledgedBy: [] };
  return { urgency, alertCount: 0, people: NOBODY, lines: linesOf(facts, local) };
}

/** The facts of an incident as it is now. */
export function factsOf(
  context: IncidentContext,
  { delivery, purpose, names, sentAt, local }: MessageWorld,
): MessageFacts {
  const severity = boundedLine(context.severity);
  const service = { id: context.service, name: boundedLine(names.service ?? context.service) };
  const since = context.times.openedAt;
  const alertCount = Object.keys(context.alerts).length;
  const nameOf = (user: string) => boundedLine(names.person?.(user) ?? user);
  const isAtStep = purpose === 'step' || purpose === 'handoff';
  const asked = context.asked.slice(0, MAX_PEOPLE);
  const acknowledgedBy = context.acknowledgedBy.slice(0, MAX_PEOPLE);
  const lines = linesOf(
    {
      purpose,
      severity,
      service: service.name,
      since,
      requestedAt: delivery.requestedAt,
      sentAt,
      ...(isAtStep && { step: delivery.position.step, loop: delivery.position.loop }),
      alertCount,
      alsoAsked: asked.filter((user) => user !== delivery.user).map(nameOf),
      acknowledgedBy: acknowledgedBy.map(nameOf),
    },
    local,
  );
  return { severity, urgency: context.urgency, service, since, alertCount, people: { asked, acknowledgedBy }, lines };
}
