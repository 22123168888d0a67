/**
 * Announcements: what subscribers are told, and which of them want to hear it.
 *
 * Pure. The public is told the public title and text of what was posted for the public, and of what is private only those
 * hear who respond to it.
 */
import * as z from 'zod';
import { idSchema } from '../../model/identity.ts';
import {
  type Audience,
  audienceSchema,
  impactSchema,
  maintenanceStatusSchema,
  publicStatusSchema,
} from '../../model/status.ts';
import type { StoredSubscriber, SubscriptionWishes } from '../../model/subscriber.ts';
import type { Fact } from '../rules/field.ts';

/** Something that subscribers are told, as it waits to be told. Moments are epoch ms. */
export const announcedSchema = z.object({
  /** The same however often it is announced. */
  id: z.string(),
  kind: z.enum(['incident', 'maintenance']),
  audience: audienceSchema,
  /** Who alone hears it, where each audience is told what it has not heard yet. Default: whoever may. */
  to: audienceSchema.optional(),
  at: z.number(),
  text: z.string(),
  /** What is said in fixed words instead of a text. */
  turn: z.enum(['resolved', 'reopened']).optional(),
  /** What people inside call it, and what the public calls it. */
  title: z.string(),
  publicTitle: z.string().optional(),
  /** What it is called by in the words of whoever reads it, while the public has no title for it. */
  touched: z.object({ names: z.array(z.string()), impact: impactSchema }).optional(),
  status: z.union([publicStatusSchema, maintenanceStatusSchema]),
  /** `isInternal`: nobody outside knows it. */
  components: z.array(z.object({ id: idSchema, name: z.string(), isInternal: z.boolean().optional() })),
  incident: z.string().optional(),
  trial: z.enum(['test', 'drill']).optional(),
  service: z.object({ id: idSchema, name: z.string() }).optional(),
  severity: z.string().optional(),
  /** The most severe that it ever was: whoever heard that it began hears that it is over. */
  worst: z.string().optional(),
  labels: z.record(z.string(), z.string()).optional(),
  /** Of what is private: who may hear it. */
  onlyUsers: z.array(z.string()).optional(),
  /** Of a maintenance. */
  from: z.number().optional(),
  until: z.number().optional(),
  /** Since when (epoch ms) it waits for its incident, which cannot be read. */
  heldSince: z.number().optional(),
  /** Whether it was taken back before it began. */
  isCancelled: z.boolean().optional(),
});

/** Something that subscribers are told. */
export type Announced = z.infer<typeof announcedSchema>;

/** What it takes to find out who wants to hear. */
export type Judging = {
  /** Whether `severity` is `from` or more severe; also when either is no level any more. */
  readonly isAtLeast: (severity: string, from: string) => boolean;
  /** The least severe level of which an audience hears. */
  readonly from: { readonly [A in Audience]?: string | undefined };
  /** Whether the condition of a subscriber holds; one that cannot be read does not. */
  readonly holds: (when: NonNullable<SubscriptionWishes['when']>, fact: Fact, at: number) => boolean;
};

/** Whether `subscriber` wants to hear of `item`, and may. */
export function isMeant(subscriber: StoredSubscriber, item: Announced, judging: Judging): boolean {
  const { audience, when, components, from, confirmedAt, failingAt } = subscriber;
  if (confirmedAt === undefined || failingAt !== undefined || !mayHear(subscriber, item)) return false;
  const worst = item.worst ?? item.severity;
  const leasts = [judging.from[audience], from].filter((least) => least !== undefined);
  if (worst !== undefined && leasts.some((least) => !judging.isAtLeast(worst, least))) return false;
  if (components !== undefined && !item.components.some(({ id }) => components.includes(id))) return false;
  return when === undefined || judging.holds(when, factOf(item, audience), item.at);
}

/** Whether `subscriber` may be told of `item`, whatever they want. */
export function mayHear({ audience, user }: StoredSubscriber, item: Announced): boolean {
  if (item.to !== undefined && item.to !== audience) return false;
  if (audience === 'public' && (item.audience !== 'public' || item.trial !== undefined)) return false;
  if (item.onlyUsers === undefined) return true;
  return audience === 'internal' && user !== undefined && item.onlyUsers.includes(user);
}

/** What the condition of a subscriber is asked about. Labels are known inside only. */
function factOf(item: Announced, audience: Audience): Fact {
  const { kind, status, severity, service, components, labels = {}, trial } = item;
  return {
    kind,
    status,
    components: components.map(({ id }) => id),
    ...(components[0] !== undefined && { component: components[0].id }),
    ...(severity !== undefined && { severity }),
    ...(service !== undefined && { service: service.id }),
    ...(audience === 'internal' && { labels, audience: item.audience, ...(trial !== undefined && { trial }) }),
  };
}
