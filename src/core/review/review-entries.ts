/**
 * The entries of a review: one sentence for each thing that happened, what kind of thing it is, and whether it went amiss.
 *
 * Pure. Pins are no entries: they say which of the others matter.
 */
import type { Delivery } from '../../model/delivery.ts';
import type { ReviewEntry, ReviewEntryKind } from '../../model/review.ts';
import type { TimelineEvent, TimelineEventType } from '../../model/timeline.ts';
import type { IncidentContext } from '../lifecycle/context.ts';
import { describeEntry, type TimelineItem } from '../text/describe-entry.ts';
import type { Words } from '../text/words.ts';
import type { Naming } from './blameless.ts';

/** What the entries are made of. */
export type EntriesInput = {
  readonly timeline: readonly TimelineItem[];
  readonly context: Pick<IncidentContext, 'pinned' | 'tasks'>;
  readonly naming: Naming;
  /** The ids of the chats in which incidents get a room. */
  readonly chatRooms: ReadonlySet<string>;
};

const KINDS: { readonly [T in TimelineEventType]: ReviewEntryKind | undefined } = {
  'incident.opened': 'phase',
  'incident.updated': 'other',
  'investigation.started': 'phase',
  'cause.identified': 'phase',
  'incident.mitigated': 'phase',
  'incident.resolved': 'phase',
  'incident.reopened': 'phase',
  'incident.closed': 'phase',
  'incident.dismissed': 'phase',
  'incident.merged': 'phase',
  'incident.absorbed': 'other',
  'severity.changed': 'severity',
  'urgency.raised': 'severity',
  'response.planned': 'people',
  'role.assigned': 'people',
  'role.vacant': 'people',
  'responder.requested': 'people',
  'responder.accepted': 'people',
  'responder.declined': 'people',
  'responder.removed': 'people',
  'task.added': 'task',
  'task.updated': 'task',
  'task.completed': 'task',
  'task.reopened': 'task',
  'task.due': 'task',
  'fields.set': 'other',
  'subStatus.set': 'phase',
  'entry.pinned': undefined,
  'entry.unpinned': undefined,
  'times.corrected': 'other',
  'note.added': 'note',
  'link.added': 'other',
  'emergency.paged': 'page',
  'notice.requested': 'page',
  'alert.joined': 'alert',
  'alert.acknowledged': 'alert',
  'alert.cleared': 'alert',
  'incident.acknowledged': 'acknowledgement',
  'incident.unacknowledged': 'acknowledgement',
  'incident.snoozed': 'acknowledgement',
  'incident.escalated': 'page',
  'incident.reassigned': 'page',
  'escalation.exhausted': 'page',
  'schedule.handedOff': 'people',
  'page.requested': 'page',
  'page.acknowledged': 'acknowledgement',
  'page.nobody': 'page',
  'page.failed': 'page',
  'update.drafted': 'update',
  'update.discarded': 'update',
  'update.posted': 'update',
  'update.missed': 'update',
  'review.requested': 'review',
  'review.started': 'review',
  'review.submitted': 'review',
  'review.returned': 'review',
  'review.published': 'review',
  'review.waived': 'review',
  'review.missed': 'review',
  'timer.fired': 'other',
};

const TIMER_KINDS: Readonly<Record<string, ReviewEntryKind>> = {
  hold: 'page',
  step: 'page',
  fallback: 'page',
  reminder: 'page',
  acknowledgeTimeout: 'acknowledgement',
  snooze: 'acknowledgement',
  supportHours: 'severity',
  clearFor: 'alert',
  close: 'phase',
  roleVacant: 'people',
  taskDue: 'task',
  updateDue: 'update',
  updateOverdue: 'update',
  reviewPending: 'review',
  reviewDraft: 'review',
  reviewApproval: 'review',
};
const ALARMING: ReadonlySet<TimelineEventType> = new Set<TimelineEventType>([
  'page.failed',
  'escalation.exhausted',
  'update.missed',
  'review.missed',
]);
const ALARMING_TIMERS: ReadonlySet<string> = new Set(['step', 'fallback', 'acknowledgeTimeout']);
/** What goes out to people who are not responding, or to the host, is none of what people did. */
const ASIDE: ReadonlySet<Delivery['purpose']> = new Set<Delivery['purpose']>([
  'reaction',
  'follow',
  'announce',
  'announcement',
  'verification',
  'canary',
]);
/** Of these only that they could not be done is worth a line. */
const QUIET: ReadonlySet<Delivery['purpose']> = new Set<Delivery['purpose']>(['update', 'mirror', 'room']);

/** The entries of a review, in the order of the timeline. */
export function reviewEntries({ timeline, context, naming, chatRooms }: EntriesInput): readonly ReviewEntry[] {
  const titles = new Map(context.tasks.map(({ id, title }) => [id, title]));
  const pinned = new Set(context.pinned);
  const words: Words = {
    nameOf: naming.user,
    textOf: naming.text,
    taskOf: (id) => naming.text(titles.get(id) ?? id),
    hidesErrors: naming.isBlameless,
  };
  return timeline.flatMap((item): ReviewEntry[] => {
    const kind = item.kind === 'event' ? kindOf(item.event, chatRooms) : kindOfDelivery(item.delivery);
    if (kind === undefined) return [];
    const seq = item.kind === 'event' ? item.event.seq : undefined;
    return [
      {
        ...(seq !== undefined && { seq }),
        at: Number(item.at),
        kind,
        text: naming.isBlameless ? capital(describeEntry(item, words)) : describeEntry(item, words),
        isPinned: seq !== undefined && pinned.has(seq),
        isAlarming: item.kind === 'event' ? isAlarming(item.event) : item.delivery.state === 'dead',
      },
    ];
  });
}

/** A role begins a sentence as any other word does. */
function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

function kindOf(event: TimelineEvent, chatRooms: ReadonlySet<string>): ReviewEntryKind | undefined {
  if (event.type === 'timer.fired') return TIMER_KINDS[event.kind] ?? 'other';
  if (event.type !== 'link.added') return KINDS[event.type];
  const { kind, external } = event.link;
  return kind === 'warRoom' || (external !== undefined && chatRooms.has(external.mirror)) ? 'chat' : 'other';
}

function kindOfDelivery({ purpose, state, user, channel }: Delivery): ReviewEntryKind | undefined {
  const isNamed = user !== undefined || channel !== undefined || QUIET.has(purpose);
  if (ASIDE.has(purpose) || !isNamed) return undefined;
  if (state === 'dead') return 'delivery';
  return state === 'sent' && !QUIET.has(purpose) ? 'delivery' : undefined;
}

function isAlarming(event: TimelineEvent): boolean {
  switch (event.type) {
    case 'timer.fired':
      return ALARMING_TIMERS.has(event.kind);
    case 'page.nobody':
      return event.reason === 'nobody';
    case 'incident.unacknowledged':
      return event.reason === 'timeout';
    default:
      return ALARMING.has(event.type);
  }
}
