/**
 * The single facts of a review: the incident itself, how it was noticed, and what people wrote and decided, under the names
 * that the review uses.
 */
import type { StoredActionItem } from '../../model/action-item.ts';
import type { IncidentNumbers } from '../../model/measurement.ts';
import type { BuiltReview, ReviewActionItem, ReviewContent, SimilarIncident } from '../../model/review.ts';
import type { TimelineEvent } from '../../model/timeline.ts';
import type { IncidentContext } from '../lifecycle/context.ts';
import { isOverdue } from './action-item.ts';
import { actionPriorities } from './action-priorities.ts';
import type { Naming } from './blameless.ts';
import { endIn, type PhaseChange } from './phase-changes.ts';
import type { ReviewConfig } from './review-input.ts';

type Told = { readonly config: ReviewConfig; readonly naming: Naming };

/** The incident at the head of its review. */
export function incidentOf(
  context: IncidentContext,
  { config, naming, phases }: Told & { readonly phases: readonly PhaseChange[] },
): BuiltReview['incident'] {
  const endedAt = endIn(phases)?.at;
  const serviceName = config.services.get(context.service)?.name;
  return {
    id: context.id,
    title: naming.text(context.title),
    ...(context.body !== null && { body: naming.text(context.body) }),
    service: context.service,
    ...(serviceName !== undefined && { serviceName }),
    severity: context.severity,
    kind: context.kind,
    visibility: context.visibility,
    phase: phases.at(-1)?.value ?? 'triage',
    openedAt: context.times.openedAt,
    ...(endedAt !== undefined && { endedAt }),
  };
}

/** Who or what noticed it. */
export function detectionOf(events: readonly TimelineEvent[], naming: Naming): BuiltReview['detection'] {
  const [first] = events;
  if (first?.type !== 'incident.opened') return { by: 'system', what: naming.actor({ kind: 'system' }) };
  const who = naming.actor(first.by);
  if (first.by.kind === 'user') return { by: 'person', what: who };
  const [alert] = first.alerts;
  if (alert === undefined) return { by: 'system', what: who };
  return { by: 'alert', what: `${who}: ${naming.text(alert.title)}` };
}

/** The numbers with everybody called as the review calls them. */
export function numbersOf({ involved: _, ...numbers }: IncidentNumbers, naming: Naming): IncidentNumbers {
  return {
    ...numbers,
    title: naming.text(numbers.title),
    ...(numbers.offender !== undefined && { offender: naming.text(numbers.offender) }),
    people: numbers.people.map((person) => ({ ...person, user: naming.user(person.user) })),
  };
}

/** What contributed, each with what its category is called. */
export function factorsOf(
  content: ReviewContent | undefined,
  { config }: ReviewConfig,
  naming: Naming,
): BuiltReview['factors'] {
  const names = new Map(config.reviews.categories.map(({ id, name }) => [id, name ?? id]));
  return (content?.factors ?? []).map((factor) => {
    const categoryName = factor.category === undefined ? undefined : names.get(factor.category);
    return { ...factor, text: naming.text(factor.text), ...(categoryName !== undefined && { categoryName }) };
  });
}

/** An action item as the review shows it. */
export function actionItemOf(
  item: StoredActionItem,
  { config, naming, now }: Told & { readonly now: number },
): ReviewActionItem {
  const { id, title, status, owner, priority, dueAt, external } = item;
  const called = actionPriorities(config.config).find((one) => one.id === priority)?.name ?? priority;
  return {
    id,
    title: naming.text(title),
    status,
    ...(owner !== undefined && { owner: naming.user(owner) }),
    ...(called !== undefined && { priority: called }),
    ...(dueAt !== undefined && { dueAt }),
    isOverdue: isOverdue(item, now),
    ...(external?.url !== undefined && { url: external.url }),
  };
}

/** A similar incident: what it has in common with this one may be a name. */
export function similarOf({ title, because, ...one }: SimilarIncident, naming: Naming): SimilarIncident {
  return { ...one, title: naming.text(title), because: because.map(naming.text) };
}
