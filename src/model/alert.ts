/**
 * Alert events and alerts: what a monitoring source says, and the deduplicated problem it speaks of.
 *
 * An alert is open for as long as its key fires, also while it is suppressed; one key has at most one open alert.
 */
import * as z from 'zod';
import type { Dated } from './dated.ts';
import { idSchema } from './identity.ts';

/** What an event asks for. A change is context and pages nobody. */
export const alertActionSchema = z.enum(['trigger', 'acknowledge', 'resolve', 'change']);

const key = z.string().min(1).max(1_024);

/** A link beside an alert; only http and https addresses are kept. */
export const linkSchema = z.strictObject({
  href: z.url({ protocol: /^https?$/ }).max(4_096),
  text: z.string().max(1_024).optional(),
});

/**
 * Of an event about an incident of another platform: which one, by every name that platform has for it, and what happened to
 * it there. What is a mirror of one of ours is answered as ours; of any other the event is an alert like those of all sources.
 */
export const externalSchema = z.strictObject({
  platform: z.string().min(1).max(100),
  ids: z
    .array(key)
    .min(1)
    .max(10)
    .readonly()
    .describe('The name of the incident itself first, then keys of its alerts.'),
  change: z.enum(['opened', 'acknowledged', 'unacknowledged', 'resolved', 'reopened', 'other']),
  by: idSchema.optional().describe('Who did it there, by their id here.'),
});

/** The incident of another platform that an event is about. */
export type External = z.infer<typeof externalSchema>;

/** An event after it was bounded and cleaned: see core/intake. */
export const alertEventSchema = z.strictObject({
  action: alertActionSchema,
  routeKey: key.optional(),
  service: idSchema.optional(),
  dedupKey: key.optional(),
  title: z.string().optional(),
  body: z.string().optional(),
  severity: z.string().max(200).optional(),
  source: z.string().max(1_024).optional(),
  labels: z.record(z.string().max(1_024), z.string()).optional(),
  details: z.json().optional(),
  links: z.array(linkSchema).max(100).optional(),
  images: z
    .array(z.strictObject({ src: z.url({ protocol: /^https?$/ }).max(4_096), alt: z.string().max(1_024).optional() }))
    .max(20)
    .optional(),
  occurredAt: z.union([z.date(), z.number(), z.string().max(64)]).optional(),
  deliveryId: key.optional(),
  external: externalSchema.optional(),
  raw: z.unknown().optional(),
});

/** One statement from a monitoring source. Only `action` is required. */
export type AlertEvent = z.input<typeof alertEventSchema>;

/** The state of an alert. One that is suppressed is open and kept quiet: it pages nobody. */
export const alertStatusSchema = z.enum(['firing', 'acknowledged', 'suppressed', 'cleared']);
/** The state of an alert. One that is suppressed is open and kept quiet: it pages nobody. */
export type AlertStatus = z.infer<typeof alertStatusSchema>;

/** The deduplicated problem that events of one key speak of, as it is kept. */
export type StoredAlert = {
  readonly id: string;
  readonly tenant: string;
  readonly routeKey: string;
  readonly dedupKey: string;
  readonly service: string;
  /** Absent while it belongs to no incident, as one that is suppressed. */
  readonly incidentId?: string | undefined;
  readonly status: AlertStatus;
  readonly severity: string;
  readonly title: string;
  readonly body?: string | undefined;
  readonly source?: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly links: readonly { readonly href: string; readonly text?: string | undefined }[];
  /** Epoch ms of the first trigger. */
  readonly openedAt: number;
  /** Epoch ms of the latest event of the key. */
  readonly lastSeenAt: number;
  /** Epoch ms of the latest moment at which, as its source says, it fired. */
  readonly occurredAt?: number | undefined;
  /** Epoch ms of the moment it cleared. */
  readonly clearedAt?: number | undefined;
  /** How many triggers spoke of it, the first included. */
  readonly count: number;
};

/** The deduplicated problem that events of one key speak of. */
export type Alert = Dated<StoredAlert, 'openedAt' | 'lastSeenAt' | 'occurredAt' | 'clearedAt'>;

/** What an alert says to people; as a whole it replaces what it said before. */
export type AlertContent = {
  readonly title: string;
  readonly body?: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly links: StoredAlert['links'];
};

/** What a commit does to an alert. Counting a repeat needs no version. */
export type AlertChange =
  | { readonly type: 'open'; readonly alert: StoredAlert }
  | {
      readonly type: 'set';
      readonly id: string;
      readonly status?: AlertStatus;
      readonly clearedAt?: number;
      readonly incidentId?: string;
      readonly severity?: string;
      /** What it says from now on. */
      readonly content?: AlertContent;
    }
  /** So many triggers (default: one) of an open alert; the greatest `occurredAt` stays. */
  | {
      readonly type: 'repeat';
      readonly id: string;
      readonly seenAt: number;
      readonly times?: number;
      readonly occurredAt?: number;
    }
  /** A trigger of an alert that had cleared, while its incident is still open; the greatest `occurredAt` stays. */
  | {
      readonly type: 'return';
      readonly id: string;
      readonly seenAt: number;
      readonly severity: string;
      readonly occurredAt?: number;
    };

/**
 * The alert after a change that opens none; an alert is never seen, nor fired, earlier than before.
 *
 * @example
 * ```ts
 * import { changedAlert, type StoredAlert } from 'tocsin/model';
 * const alert: StoredAlert = {
 *   id: 'a1', tenant: 'default', routeKey: 'r', dedupKey: 'disk', service: 'checkout', incidentId: 'i1', status: 'firing',
 *   severity: 'SEV1', title: 'Disk full', labels: {}, links: [], openedAt: 0, lastSeenAt: 10, count: 1,
 * };
 * const { count, lastSeenAt } = changedAlert(alert, { type: 'repeat', id: 'a1', seenAt: 5, times: 3 });
 * [count, lastSeenAt]; // => [4, 10]
 * ```
 */
export function changedAlert(alert: StoredAlert, change: Exclude<AlertChange, { readonly type: 'open' }>): StoredAlert {
  if (change.type === 'set') {
    const { type, id, content, ...set } = change;
    return { ...(content === undefined ? alert : alertSaying(alert, content)), ...set };
  }
  const occurredAt = latest(alert.occurredAt, change.occurredAt);
  const seen = {
    lastSeenAt: Math.max(alert.lastSeenAt, change.seenAt),
    ...(occurredAt !== undefined && { occurredAt }),
  };
  if (change.type === 'repeat') return { ...alert, count: alert.count + (change.times ?? 1), ...seen };
  const { clearedAt, ...rest } = alert;
  return { ...rest, status: 'firing', severity: change.severity, count: alert.count + 1, ...seen };
}

/** The alert with another content, which may be without a body. */
export function alertSaying<A extends Partial<AlertContent>>(alert: A, content: AlertContent) {
  const { title, body, labels, links } = content;
  const { body: _, ...rest } = alert;
  return { ...rest, title, ...(body !== undefined && { body }), labels, links };
}

function latest(known: number | undefined, next: number | undefined): number | undefined {
  return known === undefined || next === undefined ? (known ?? next) : Math.max(known, next);
}
