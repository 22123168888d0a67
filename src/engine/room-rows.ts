/**
 * Room rows: the steps of the chat rooms of an incident, written in the commit of the event that they follow from.
 *
 * One delivery for each step, in order: the room is made, and from then on each event says what it adds. What was told before
 * there was a room stands in its first post. They belong to no page; nothing is sent here.
 */
import type { CompiledConfig } from '../core/config/compile.ts';
import { pagingState } from '../core/lifecycle/view.ts';
import { followed } from '../core/paging/follow.ts';
import { isGateOpen } from '../core/paging/gate.ts';
import { incidentFact } from '../core/paging/incident-fact.ts';
import { belongingIn, broughtIn, type NameOf, roomLine, roomTopic } from '../core/paging/room-line.ts';
import type { ChatRoomConfig } from '../model/config.ts';
import type { StoredDelivery } from '../model/delivery.ts';
import { durationMs } from '../model/duration.ts';
import type { TimelineEvent, TimelineEventType } from '../model/timeline.ts';
import type { Change, IncidentChange } from '../ports/storage.ts';
import { externalRef } from './external-refs.ts';
import { fresh } from './mirror-rows.ts';

/** A step of a room, as its row names it. */
export type RoomStep = 'create' | 'invite' | 'topic' | 'post' | 'archive';

/** Begins the names of the places of rooms, so that they are nobody else's. */
const PLACE = 'room:';

/** The places of the steps of the chat of that name. */
export function roomPlace(chatRoom: string): string {
  return PLACE + chatRoom;
}

/** The chat whose places these are. */
export function chatOfPlace(notifier: string): string {
  return notifier.slice(PLACE.length);
}

/** Whether what happens in the incident is kept out of the room: a private one is told of in private rooms only. */
export function isKeptOut(visibility: string, room: Pick<ChatRoomConfig, 'private'> | undefined): boolean {
  return visibility === 'private' && room?.private !== true;
}

type World = { readonly config: CompiledConfig; readonly now: number; nameOf: NameOf };

/** The steps that follow from `change`, which is to be stored at `now`. */
export function roomStepsOf(
  { incidents, tenant }: Pick<Change, 'incidents' | 'tenant'>,
  world: World,
): readonly StoredDelivery[] {
  const { chatRooms } = world.config.config;
  return incidents.flatMap((change) => chatRooms.flatMap((room) => stepsOf(room, { change, tenant, ...world })));
}

type Moment = World & { readonly change: IncidentChange; readonly tenant: string };

/** After these an incident may be one that has to have a room. */
const MAY_BEGIN: readonly TimelineEventType[] = [
  'severity.changed',
  'urgency.raised',
  'incident.updated',
  'incident.reopened',
];
const CHANGES_TOPIC: readonly TimelineEventType[] = [
  'severity.changed',
  'incident.updated',
  'investigation.started',
  'cause.identified',
  'incident.mitigated',
  'incident.resolved',
  'incident.reopened',
  'incident.closed',
  'incident.dismissed',
  'incident.merged',
];

function stepsOf(room: ChatRoomConfig, moment: Moment): readonly StoredDelivery[] {
  const { snapshot, events } = moment.change;
  const { context } = snapshot;
  const link = externalRef(context.links, room.id);
  const last = (types: readonly TimelineEventType[]) => events.findLast(({ type }) => types.includes(type));
  if (link === undefined) {
    const begin = events.findLast((event) => isFirstAsked(event) || MAY_BEGIN.includes(event.type));
    return begin !== undefined && isWanted(room, snapshot)
      ? [row(room, moment, { step: 'create', seq: begin.seq })]
      : [];
  }
  const of = (step: Step) => row(room, moment, { address: link.id, ...step });
  const begun = events.find((event) => event.type === 'link.added' && event.link.external?.id === link.id);
  if (isKeptOut(context.visibility, room)) {
    // It may have become private while the room was made.
    const hidden = begun ?? events.findLast(isHiding);
    if (hidden === undefined) return [];
    return [of({ step: 'topic', seq: hidden.seq }), of({ step: 'archive', seq: hidden.seq })];
  }
  const topicBy = begun ?? last(CHANGES_TOPIC);
  const topic = roomTopic(context, String(snapshot.value.phase));
  const again = events.findLast((event) => event.type === 'incident.reopened' || isShownAgain(event));
  return [
    ...(again === undefined ? [] : [of({ step: 'create', seq: again.seq })]),
    ...(topicBy === undefined ? [] : [of({ step: 'topic', seq: topicBy.seq, title: topic })]),
    ...(begun === undefined ? [] : belongingIn(context).map((user) => of({ step: 'invite', seq: begun.seq, user }))),
    ...(begun === undefined ? [] : [of({ step: 'post', seq: begun.seq })]),
    ...events.flatMap((event) => {
      const line = roomLine(event, moment.nameOf);
      return [
        ...broughtIn(event).map((user) => of({ step: 'invite', seq: event.seq, user })),
        ...(line === undefined ? [] : [of({ step: 'post', seq: event.seq, body: line })]),
      ];
    }),
    ...ending(room, moment, begun).map(of),
  ];
}

function isFirstAsked(event: TimelineEvent): boolean {
  return (event.type === 'page.requested' || event.type === 'page.nobody') && followed(event) !== undefined;
}

/** Nobody is asked yet while an incident is held, and what is over needs no room any more. */
function isWanted(room: ChatRoomConfig, snapshot: IncidentChange['snapshot']): boolean {
  const { context } = snapshot;
  // What is written down afterwards needs no room.
  if (context.outcome !== 'open' || context.kind === 'backfilled') return false;
  if (pagingState(snapshot) === 'holding' || isKeptOut(context.visibility, room)) return false;
  return isGateOpen(room.when, incidentFact(context), context.at);
}

function isHiding(event: TimelineEvent): boolean {
  return event.type === 'incident.updated' && event.visibility === 'private';
}

function isShownAgain(event: TimelineEvent): boolean {
  return event.type === 'incident.updated' && event.visibility === 'public';
}

/** When the room is archived, if that is known by now: so long after the end, or with it when nothing can follow any more. */
function ending(room: ChatRoomConfig, { change, now }: Moment, begun: TimelineEvent | undefined): readonly Step[] {
  const { events, snapshot } = change;
  const { outcome } = snapshot.context;
  const end = events.findLast(({ type }) => ENDS.includes(type)) ?? (outcome === 'open' ? undefined : begun);
  if (end === undefined || outcome === 'open') return [];
  const afterMs = room.archiveAfter === undefined ? undefined : durationMs(room.archiveAfter);
  // Whether it waits for the close, or began to wait before it.
  if (afterMs === undefined ? outcome === 'resolved' : end.type === 'incident.closed') return [];
  return [{ step: 'archive', seq: end.seq, dueAt: now + (afterMs ?? 0) }];
}

const ENDS: readonly TimelineEventType[] = [
  'incident.resolved',
  'incident.closed',
  'incident.dismissed',
  'incident.merged',
];

/** One step, and what it is made with. */
type Step = {
  readonly step: RoomStep;
  /** The number of the event that it follows from. */
  readonly seq: number;
  readonly address?: string;
  readonly user?: string;
  readonly title?: string;
  readonly body?: string;
  readonly dueAt?: number;
};

function row(
  room: ChatRoomConfig,
  { change, tenant, now }: Moment,
  { step, seq, address = '', user, title = '', body, dueAt = now }: Step,
): StoredDelivery {
  const { id, snapshot } = change;
  return {
    ...fresh(id, seq, now),
    id: `${id}:${seq}:room:${room.id}:${step}${user === undefined ? '' : `:${user}`}`,
    tenant,
    incidentId: id,
    purpose: 'room',
    content: { topic: step, title, ...(body !== undefined && { body }) },
    position: snapshot.context.position,
    ...(user !== undefined && { user }),
    contact: room.id,
    notifier: roomPlace(room.chatRoom),
    address,
    urgency: 'low',
    dueAt,
  };
}
