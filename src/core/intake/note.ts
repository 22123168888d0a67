/**
 * Notes: what is remembered about a key beside its alert.
 *
 * Data only: why its alert is kept quiet, when to look at it again, and when its source said that it was over. One note for each
 * key, written by whoever changes what the key is about, so that two of them never overlook each other.
 */
import * as z from 'zod';
import type { CleanEvent } from './clean-event.ts';

/** The collection of notes; a note has the id {@link noteId}. */
export const NOTES = 'alert-notes';

/** Names a key of a source. */
export type Key = { readonly routeKey: string; readonly dedupKey: string };

/** Names the note of a key. */
export const noteId = ({ routeKey, dedupKey }: Key): string => JSON.stringify([routeKey, dedupKey]);

/** What keeps an alert quiet. */
export const suppressionKindSchema = z.enum(['silence', 'maintenance', 'inhibition', 'rateLimit', 'threshold']);
/** What keeps an alert quiet. */
export type SuppressionKind = z.infer<typeof suppressionKindSchema>;

const at = z.number();
/** What everything that is decided of an event relies on. */
const eventSchema = z.looseObject({
  action: z.string(),
  routeKey: z.string(),
  title: z.string(),
  labels: z.record(z.string(), z.string()),
  links: z.array(z.unknown()),
  images: z.array(z.unknown()),
});
const noteSchema = z.object({
  resolvedAt: at.optional(),
  quietMs: z.number().optional(),
  lookAt: at.optional(),
  merges: z.number().optional(),
  before: z.string().optional(),
  suppressed: z
    .object({
      kind: suppressionKindSchema,
      id: z.string(),
      since: at,
      until: at.optional(),
      atEnd: z.enum(['reroute', 'let-be']),
      event: z.custom<CleanEvent>((event) => eventSchema.safeParse(event).success),
      before: z.string().optional(),
      instance: z.string().optional(),
    })
    .optional(),
});

/** Why the alert of a key is kept quiet. Moments are epoch ms. */
export type Suppressed = {
  readonly kind: SuppressionKind;
  /** The id of the silence, the window, the rule or the grouping. */
  readonly id: string;
  readonly since: number;
  /** When that ends, where it is known. */
  readonly until?: number | undefined;
  readonly atEnd: 'reroute' | 'let-be';
  /** What the source said last: what it means is decided anew. */
  readonly event: CleanEvent;
  /** What ends together with it. */
  readonly instance?: string | undefined;
  /** The incident that the alert of the key belonged to before. */
  readonly before?: string | undefined;
};

/** What is remembered about a key. Moments are epoch ms. */
export type Note = {
  /** When it was over, as the source says: what is older speaks of a problem that has ended. */
  readonly resolvedAt?: number | undefined;
  /** After how long without an event its open alert counts as over. */
  readonly quietMs?: number | undefined;
  /** When to look at the key again. */
  readonly lookAt?: number | undefined;
  /** How often a repeat has changed the fields of the alert. */
  readonly merges?: number | undefined;
  /** The incident that the key belonged to before it came and went while it was kept quiet. */
  readonly before?: string | undefined;
  readonly suppressed?: Suppressed | undefined;
};

/** How long it is remembered that a problem was over: sources repeat and reorder within minutes. */
export const RESOLVED_MS = 7 * 86_400_000;

/** The note in a document; `undefined` when there is none, or none that can be read. */
export function readNote(data: unknown): Note | undefined {
  // Most keys have none, and asking a schema about nothing costs more than the rest of the decision.
  return data === undefined ? undefined : noteSchema.safeParse(data).data;
}

/** Whether nothing is left to be remembered. */
export function isEmpty(note: Note): boolean {
  return Object.values(note).every((part) => part === undefined);
}
