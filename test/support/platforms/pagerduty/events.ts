/**
 * Events as PagerDuty documents them: the schema, and what its answer calls a mistake.
 */
import * as z from 'zod';

const characters = (max: number) =>
  z.string().refine((text) => [...text].length <= max, { error: `is too long (maximum is ${max} characters)` });
const link = z.strictObject({ href: z.url({ protocol: /^https?$/ }), text: z.string().optional() });
const payload = z.strictObject({
  summary: characters(1_024).min(1),
  source: z.string().min(1),
  severity: z.enum(['critical', 'error', 'warning', 'info']),
  timestamp: z.iso.datetime().optional(),
  component: z.string().optional(),
  group: z.string().optional(),
  class: z.string().optional(),
  custom_details: z.record(z.string(), z.json()).optional(),
});
const routing_key = z.string().length(32);
const alertEvent = z.discriminatedUnion('event_action', [
  z.strictObject({
    routing_key,
    event_action: z.literal('trigger'),
    dedup_key: characters(255).optional(),
    payload,
    links: z.array(link).optional(),
    client: z.string().optional(),
    client_url: z.url().optional(),
  }),
  z.strictObject({ routing_key, event_action: z.enum(['acknowledge', 'resolve']), dedup_key: characters(255).min(1) }),
]);
const changeEvent = z.strictObject({
  routing_key,
  payload: payload.omit({ severity: true, component: true, group: true, class: true }).partial({ source: true }),
  links: z.array(link).optional(),
});

/** An event of either kind, as far as the server asks. */
export type PlatformEvent = {
  readonly routing_key: string;
  readonly event_action?: 'trigger' | 'acknowledge' | 'resolve' | undefined;
  readonly dedup_key?: string | undefined;
  readonly client?: string | undefined;
  readonly payload?:
    | {
        readonly summary?: string | undefined;
        readonly severity?: string | undefined;
        readonly custom_details?: Readonly<Record<string, unknown>> | undefined;
      }
    | undefined;
};

/** The event in `body`, or what PagerDuty would say against it. */
export function validEvent(path: string, body: string): PlatformEvent | string {
  const schema = path === '/v2/enqueue' ? alertEvent : path === '/v2/change/enqueue' ? changeEvent : z.never();
  const parsed = schema.safeParse(read(body));
  if (parsed.success) return parsed.data;
  return parsed.error.issues.map(({ path: at, message }) => `${at.join('.')} ${message}`).join('; ');
}

function read(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
