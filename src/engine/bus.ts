/**
 * The bus: tells listeners what happened, after it was stored.
 *
 * A listener that throws or rejects is logged and changes nothing; it never reaches the host as an unhandled rejection.
 */
import { EventEmitter } from 'eventemitter3';
import type { Delivery } from '../model/delivery.ts';
import type { Incident } from '../model/incident.ts';
import type { EventOf, TimelineEventType } from '../model/timeline.ts';
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

/** Everything a host can listen to, and what it is told. */
export type News = { readonly [T in TimelineEventType]: TimelineNews<T> } & {
  readonly 'delivery.sent': DeliveryNews;
  readonly 'delivery.retried': DeliveryNews;
  readonly 'delivery.dead': DeliveryNews;
  readonly error: ErrorNews;
};

/** The name of something a host can listen to. */
export type NewsType = keyof News;

/** Tells listeners what happened. */
export type Bus = {
  on<T extends NewsType>(type: T, listener: (news: News[T]) => unknown): () => void;
  tell<T extends NewsType>(type: T, news: News[T]): void;
};

/** A bus that logs listeners that fail. */
export function createBus(logger: Logger): Bus {
  const emitter = new EventEmitter<Record<string, (news: unknown) => unknown>>();
  return {
    on(type, listener) {
      const guarded = (news: unknown) => guard(type, () => listener(news as Parameters<typeof listener>[0]), logger);
      emitter.on(type, guarded);
      return () => emitter.off(type, guarded);
    },
    tell(type, news) {
      emitter.emit(type, news);
    },
  };
}

function guard(type: string, call: () => unknown, logger: Logger): void {
  const failed = (error: unknown) => logger.error({ error, type }, `A listener of ${type} failed.`);
  try {
    Promise.resolve(call()).catch(failed);
  } catch (error) {
    failed(error);
  }
}
