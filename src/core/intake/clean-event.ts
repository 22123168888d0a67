/**
 * Clean events: the one door through which a stranger's event comes in, bounded, cleaned and normalised.
 *
 * Pure. What can be mended is mended, because a page must not be lost over a title that is too long; nothing here routes or decides.
 */
import * as z from 'zod';
import { TocsinError } from '../../errors.ts';
import { type AlertEvent, alertEventSchema, type External, externalSchema } from '../../model/alert.ts';
import { toEpochMs } from '../../model/instant.ts';
import { ownValue } from '../rules/field.ts';
import { cleanText, oneLine } from '../text/clean.ts';
import { cut } from '../text/cut.ts';
import { boundJson, type Json } from './bound-json.ts';
import {
  type CleanImage,
  type CleanLink,
  cleanImages,
  cleanLabels,
  cleanLinks,
  type EventProblem,
  shortLine,
} from './clean-parts.ts';

/** An alert event that every later stage can rely on. */
export type CleanEvent = {
  readonly action: AlertEvent['action'];
  /** Keys only meet within one route key. */
  readonly routeKey: string;
  readonly service?: string | undefined;
  readonly dedupKey?: string | undefined;
  /** One line of at most 1,024 characters, never empty. */
  readonly title: string;
  readonly body?: string | undefined;
  readonly severity?: string | undefined;
  readonly source?: string | undefined;
  /** At most 256, in a record without a prototype. */
  readonly labels: Readonly<Record<string, string>>;
  /** `{ truncated: true }` when what came was too large or too deep. */
  readonly details?: Json | undefined;
  readonly links: readonly CleanLink[];
  readonly images: readonly CleanImage[];
  /** Epoch ms at which it happened, as the source says. */
  readonly occurredAtMs?: number | undefined;
  readonly deliveryId?: string | undefined;
  /** The incident of another platform that it is about. */
  readonly external?: External | undefined;
  /** What the source sent, when it is small. */
  readonly raw?: Json | undefined;
  /** How much is at stake and how fast it gets worse: set by an extraction only, for the matrix of severities. */
  readonly impact?: string | undefined;
  readonly timePressure?: string | undefined;
};

/** How much is kept of each part, in characters; `labels` is how many there are. */
export const LIMITS = {
  title: 1_024,
  body: 16_384,
  severity: 200,
  source: 1_024,
  key: 1_024,
  factor: 100,
  labels: 256,
  labelValue: 4_096,
} as const;

const DETAILS_LIMITS = { depth: 64, keys: 1_000, characters: 100_000 };
const RAW_LIMITS = { depth: 64, keys: 1_000, characters: 16_384 };
const MAX_PROBLEMS = 20;
const FIELDS: ReadonlySet<string> = new Set(alertEventSchema.keyof().options);

// The parts that are mended field by field are left out: what remains is small.
const frameSchema = alertEventSchema.pick({ action: true, routeKey: true, dedupKey: true, deliveryId: true }).extend({
  title: z.string().optional(),
  body: z.string().optional(),
  service: z.string().optional(),
  severity: z.string().optional(),
  source: z.string().optional(),
  external: externalSchema.optional(),
});
const serviceIdSchema = alertEventSchema.shape.service;

/**
 * The event in `input`, bounded and cleaned.
 *
 * Mended: control characters and bidirectional overrides go; an empty text counts as absent; the title is put on one line and cut to 1,024
 * characters, the body to 16,384, label values to 4,096; labels beyond 256, links and images that are no http(s) address, a `service` that
 * cannot be an id, and an unreadable `occurredAt` are dropped; `details` that are deeper than 64, have more than 1,000 keys or
 * 100,000 characters of JSON become `{ truncated: true }`; `raw` is kept up to 16,384 characters. A missing title is the label
 * `alertname`, else the source, else `Untitled alert`; a missing route key is `default`.
 *
 * @throws TocsinError INPUT_INVALID when it is no object, has an unknown field, no known `action`, a key longer than 1,024
 * characters, a label named `__proto__`, `constructor` or `prototype`, or a field of another type; `details.problems` lists `{ path, message }`.
 */
export function cleanEvent(input: unknown): CleanEvent {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw refusal([{ path: '', message: 'expected an object' }]);
  }
  const problems = unknownFields(input);
  const labels = cleanLabels(ownValue(input, 'labels'), problems);
  const links = cleanLinks(ownValue(input, 'links'), problems);
  const images = cleanImages(ownValue(input, 'images'), problems);
  const frame = frameSchema.safeParse(frameOf(input));
  if (!frame.success)
    problems.push(...frame.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })));
  if (!frame.success || problems.length > 0) throw refusal(problems);

  const { action, routeKey = 'default', service, title, ...texts } = frame.data;
  return {
    action,
    routeKey,
    title: title ?? titleOf(labels.alertname ?? '') ?? texts.source ?? 'Untitled alert',
    labels,
    links,
    images,
    ...present({
      ...texts,
      service: serviceIdSchema.safeParse(service).data,
      details: cleanDetails(ownValue(input, 'details')),
      raw: boundJson(ownValue(input, 'raw'), RAW_LIMITS),
      occurredAtMs: readInstant(ownValue(input, 'occurredAt')),
    }),
  };
}

function unknownFields(input: object): EventProblem[] {
  return Object.keys(input)
    .filter((key) => !FIELDS.has(key))
    .slice(0, MAX_PROBLEMS)
    .map((key) => ({ path: cut(oneLine(key), 80), message: 'this field is unknown' }));
}

function frameOf(input: object): Readonly<Record<string, unknown>> {
  const mended = (key: string, mend: (text: string) => string | undefined) => {
    const value = ownValue(input, key) ?? undefined;
    return typeof value === 'string' ? mend(value) : value;
  };
  return {
    action: ownValue(input, 'action'),
    routeKey: mended('routeKey', keyOf),
    dedupKey: mended('dedupKey', keyOf),
    deliveryId: mended('deliveryId', keyOf),
    external: ownValue(input, 'external') ?? undefined,
    service: mended('service', keyOf),
    title: mended('title', titleOf),
    body: mended('body', (text) => cut(cleanText(text).trim(), LIMITS.body) || undefined),
    severity: mended('severity', (text) => shortLine(text, LIMITS.severity)),
    source: mended('source', (text) => shortLine(text, LIMITS.source)),
  };
}

// Keys are compared, not shown: they keep their white space.
function keyOf(text: string): string | undefined {
  return cleanText(text) || undefined;
}

function titleOf(text: string): string | undefined {
  return cut(oneLine(text), LIMITS.title) || undefined;
}

function cleanDetails(value: unknown): Json | undefined {
  if (value === undefined || value === null) return undefined;
  return boundJson(value, DETAILS_LIMITS) ?? { truncated: true };
}

function readInstant(value: unknown): number | undefined {
  if (typeof value !== 'string' && typeof value !== 'number' && !(value instanceof Date)) return undefined;
  try {
    return toEpochMs(value);
  } catch {
    return undefined;
  }
}

function present<T extends Readonly<Record<string, unknown>>>(parts: T): Partial<T> {
  const kept: Partial<T> = {};
  for (const key in parts) if (parts[key] !== undefined) kept[key] = parts[key];
  return kept;
}

function refusal(problems: readonly EventProblem[]): TocsinError {
  const shown = problems.slice(0, MAX_PROBLEMS);
  const list = shown.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');
  return new TocsinError('INPUT_INVALID', `Cannot take the event: ${list}. Mend it and send it again.`, {
    details: { problems: shown },
  });
}
