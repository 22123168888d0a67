/**
 * The bus: tells listeners what happened, after it was stored.
 *
 * A listener that throws or rejects is logged and changes nothing; it never reaches the host as an unhandled rejection.
 */
import { EventEmitter } from 'eventemitter3';
import type { Duty } from '../core/on-call/resolve.ts';
import type { OnCall } from '../core/on-call/schedule.ts';
import { TocsinError } from '../errors.ts';
import type { AnswerRefusal } from '../model/action.ts';
import type { ActionItem } from '../model/action-item.ts';
import type { Delivery } from '../model/delivery.ts';
import type { Health } from '../model/health.ts';
import type { Incident } from '../model/incident.ts';
import { type EventOf, type TimelineEventType, timelineEventSchema } from '../model/timeline.ts';
import type { Logger } from '../ports/clock.ts';

/** What a listener of a timeline event is told. */
export type TimelineNews<T extends TimelineEventType = TimelineEventType> = {
  readonly type: T;
  readonly tenant: string;
  readonly event: EventOf<T>;
  /** The incident after the commit that the event belongs to. */
  readonly incident: Incident;
};

/** What a listener of a delivery is told. */
export type DeliveryNews = { readonly type: string; readonly tenant: string; readonly delivery: Delivery };

/** What went wrong beside every command: work that is tried again, or a listener that failed. */
export type ErrorNews = { readonly type: 'error'; readonly error: unknown; readonly doing: string };

/** What a listener is told of an incident that this process cannot read. */
export type QuarantineNews = {
  readonly type: 'incident.quarantined';
  readonly tenant: string;
  readonly incidentId: string;
  readonly error: TocsinError;
};

/** What a listener is told at a handoff: who is on call from then on, and who was when that was last told. */
export type OnCallNews = {
  readonly type: 'oncall.changed';
  readonly tenant: string;
  readonly schedule: string;
  readonly at: Date;
  readonly onCall: readonly OnCall[];
  readonly before: readonly Duty[];
  /** The users who were not on call before; empty when the same person goes on. */
  readonly joined: readonly string[];
  readonly left: readonly string[];
};

/** What a listener is told of a maintenance window. */
export type MaintenanceNews<T extends string = string> = {
  readonly type: T;
  readonly tenant: string;
  /** The id of the maintenance. */
  readonly maintenance: string;
  /** When the window begins or ends. */
  readonly at: Date;
  /** When this was to be told. */
  readonly announcedFor: Date;
};

/** What a listener is told when a message that was sent to find out whether a notifier delivers did not arrive. */
export type CanaryNews = {
  readonly type: 'canary.failed';
  readonly tenant: string;
  /** The id of the canary. */
  readonly canary: string;
  readonly notifier: string;
  readonly state: string;
  readonly error?: string | undefined;
};

/** What a listener is told when an action item was added or has changed. */
export type ActionItemNews = {
  readonly type: 'actionItem.changed';
  readonly tenant: string;
  /** As it is after the commit. */
  readonly item: ActionItem;
};

/** What a listener is told of an answer that was refused. */
export type RefusedNews = {
  readonly type: 'action.refused';
  readonly tenant: string;
  readonly why: AnswerRefusal;
  readonly action?: string | undefined;
  readonly incidentId?: string | undefined;
  readonly user?: string | undefined;
  /** The notifier that the answer came through, when it is known. */
  readonly notifier?: string | undefined;
};

/** What a listener is told when due work is not done. */
export type LateNews = { readonly type: 'work.late'; readonly health: Health };

/** Everything a host can listen to, and what it is told. */
export type News = { readonly [T in TimelineEventType]: TimelineNews<T> } & {
  readonly 'delivery.sent': DeliveryNews;
  readonly 'delivery.retried': DeliveryNews;
  /** It waits for its notifier or its budget, which is no attempt. */
  readonly 'delivery.held': DeliveryNews;
  readonly 'delivery.dead': DeliveryNews;
  /** A provider has told of it. */
  readonly 'delivery.received': DeliveryNews;
  readonly 'incident.quarantined': QuarantineNews;
  readonly 'oncall.changed': OnCallNews;
  readonly 'maintenance.starts': MaintenanceNews<'maintenance.starts'>;
  readonly 'maintenance.started': MaintenanceNews<'maintenance.started'>;
  readonly 'maintenance.ends': MaintenanceNews<'maintenance.ends'>;
  readonly 'maintenance.ended': MaintenanceNews<'maintenance.ended'>;
  readonly 'canary.failed': CanaryNews;
  readonly 'actionItem.changed': ActionItemNews;
  readonly 'work.late': LateNews;
  /** Somebody answered, and it was not taken. */
  readonly 'action.refused': RefusedNews;
  readonly error: ErrorNews;
};

/** The name of something a host can listen to. */
export type NewsType = keyof News;

/** Tells listeners what happened. */
export type Bus = {
  /** `isWanted` leaves out news before the listener is told; a type that nothing tells of is INPUT_INVALID. */
  on<T extends NewsType>(
    type: T,
    listener: (news: News[T]) => unknown,
    isWanted?: (news: News[T]) => boolean,
  ): () => void;
  tell<T extends NewsType>(type: T, news: News[T]): void;
};

const NEWS_TYPES: readonly string[] = [
  ...timelineEventSchema.options.map(({ shape }) => shape.type.value),
  ...([
    'delivery.sent',
    'delivery.retried',
    'delivery.held',
    'delivery.dead',
    'delivery.received',
    'action.refused',
    'incident.quarantined',
    'oncall.changed',
    'maintenance.starts',
    'maintenance.started',
    'maintenance.ends',
    'maintenance.ended',
    'canary.failed',
    'actionItem.changed',
    'work.late',
    'error',
  ] satisfies NewsType[]),
];

/** A bus that logs listeners that fail. */
export function createBus(logger: Logger): Bus {
  const emitter = new EventEmitter<Record<string, (news: unknown) => unknown>>();
  return {
    on(type, listener, isWanted = () => true) {
      checkListener(type, listener);
      const guarded = (given: unknown) => {
        const news = given as Parameters<typeof listener>[0];
        if (isWanted(news)) guard(type, () => listener(news), logger);
      };
      emitter.on(type, guarded);
      return () => emitter.off(type, guarded);
    },
    tell(type, news) {
      emitter.emit(type, news);
    },
  };
}

/** Nothing would ever tell a misspelt type. */
function checkListener(type: unknown, listener: unknown): void {
  if (typeof type !== 'string' || !NEWS_TYPES.includes(type)) {
    const message = `there is no such news. Known: ${likely(String(type)).join(', ')}`;
    throw new TocsinError('INPUT_INVALID', `Cannot listen to ${String(type).slice(0, 80)}: ${message}.`, {
      details: { problems: [{ path: 'type', message }], known: NEWS_TYPES },
    });
  }
  if (typeof listener === 'function') return;
  throw new TocsinError('INPUT_INVALID', `Cannot listen to ${type}: the listener is no function.`, {
    details: { problems: [{ path: 'listener', message: 'this is no function' }] },
  });
}

/** The types that share a word with `type`; all of them when none does. */
function likely(type: string): readonly string[] {
  const words = type
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word.length > 2);
  const near = NEWS_TYPES.filter((known) =>
    known
      .toLowerCase()
      .split('.')
      .some((word) => words.includes(word)),
  );
  return near.length > 0 ? near : NEWS_TYPES;
}

function guard(type: string, call: () => unknown, logger: Logger): void {
  const failed = (error: unknown) => logger.error({ error, type }, `A listener of ${type} failed.`);
  try {
    Promise.resolve(call()).catch(failed);
  } catch (error) {
    failed(error);
  }
}
