/**
 * The picture of an incident: what lasted how long, from its events alone.
 *
 * Pure. It shows an incident from when it began to hurt, was noticed or was opened, until it ended or until now; it draws
 * nothing.
 */
import type { ReviewPicture, ReviewSpan } from '../../model/review.ts';
import type { AlertFacts, TimelineEvent } from '../../model/timeline.ts';
import type { IncidentContext } from '../lifecycle/context.ts';
import { sayWith } from '../text/words.ts';
import { answerChanges } from './answer-changes.ts';
import type { Naming } from './blameless.ts';
import { recipientsOf } from './people-in.ts';
import { endIn, isEnd, type PhaseChange } from './phase-changes.ts';
import { type ChangeAt, type PictureWindow, spansOf, within } from './spans.ts';

/** What a picture is made of; `at` is the moment that it shows (epoch ms). */
export type PictureInput = {
  readonly events: readonly TimelineEvent[];
  readonly context: IncidentContext;
  readonly phases: readonly PhaseChange[];
  readonly naming: Naming;
  readonly at: number;
  /** The levels of severity, the worst first. */
  readonly levels: readonly { readonly id: string }[];
};

/** The picture of the incident. */
export function reviewPicture({ events, context, phases, naming, at, levels }: PictureInput): ReviewPicture {
  const window = windowOf({ events, context, phases, at });
  const ranks = new Map(levels.map(({ id }, rank) => [id, rank]));
  const answers = answerChanges(events, naming.actor);
  const named = (changes: readonly ChangeAt<string>[]) =>
    within(
      spansOf(changes).map(({ value, ...span }): ReviewSpan => ({ ...span, label: value })),
      window,
    );
  return {
    fromAt: window.fromAt,
    untilAt: window.untilAt,
    alerts: within(alertSpans(events, naming), window),
    phases: within(
      spansOf(phases).map(({ value, ...span }) => ({ ...span, label: value, phase: value })),
      window,
    ).filter(({ phase, fromAt }) => !isEnd(phase) || fromAt < window.untilAt),
    acknowledged: named(answers.acknowledged),
    snoozed: named(answers.snoozed),
    severities: within(
      spansOf(severityChanges(events, window)).map(({ value, ...span }) => {
        const rank = ranks.get(value);
        return { ...span, label: value, severity: value, ...(rank !== undefined && { rank }) };
      }),
      window,
    ),
    pages: pagesOf(events, naming),
    updates: events.flatMap((event) =>
      event.type === 'update.posted'
        ? [{ at: event.at, label: naming.text(event.text), isPublic: event.audience === 'public' }]
        : [],
    ),
  };
}

function windowOf({ context, phases, at, events }: Omit<PictureInput, 'naming' | 'levels'>): PictureWindow {
  const { impactStartedAt, detectedAt } = context.corrections;
  const openedAt = phases[0]?.at ?? context.times.openedAt;
  const fromAt = Math.min(openedAt, impactStartedAt ?? openedAt, detectedAt ?? openedAt);
  const end = endIn(phases);
  const untilAt = end?.at ?? Math.max(at, events.at(-1)?.at ?? at);
  return { fromAt, untilAt: Math.max(fromAt, untilAt), isOpen: end === undefined };
}

/** An alert fires until it clears, or the incident ends; it may fire again. */
function alertSpans(events: readonly TimelineEvent[], { text }: Naming): readonly ReviewSpan[] {
  const spans: { fromAt: number; untilAt?: number; label: string }[] = [];
  const firing = new Map<string, (typeof spans)[number]>();
  const begin = ({ id, title }: AlertFacts, at: number) => {
    if (firing.has(id)) return;
    const span = { fromAt: at, label: text(title) };
    firing.set(id, span);
    spans.push(span);
  };
  const end = (id: string, at: number) => {
    const span = firing.get(id);
    if (span !== undefined) span.untilAt = at;
    firing.delete(id);
  };
  for (const event of events) {
    if (event.type === 'incident.opened') for (const alert of event.alerts) begin(alert, event.at);
    if (event.type === 'alert.joined') begin(event.alert, event.at);
    if (event.type === 'incident.reopened' && event.alert !== undefined) begin(event.alert, event.at);
    if (event.type === 'incident.absorbed')
      for (const alert of event.alerts) {
        if (alert.status === 'cleared') end(alert.id, event.at);
        else begin(alert, event.at);
      }
    if (event.type === 'alert.cleared') end(event.alert, event.at);
    if (event.type === 'incident.resolved' || event.type === 'incident.dismissed' || event.type === 'incident.merged')
      for (const id of [...firing.keys()]) end(id, event.at);
  }
  return spans;
}

function severityChanges(events: readonly TimelineEvent[], { fromAt }: PictureWindow): readonly ChangeAt<string>[] {
  return events.flatMap((event) => {
    if (event.type === 'incident.opened') return [{ at: fromAt, value: event.severity }];
    return event.type === 'severity.changed' ? [{ at: event.at, value: event.severity }] : [];
  });
}

function pagesOf(events: readonly TimelineEvent[], { user, text }: Naming): ReviewPicture['pages'] {
  const say = sayWith({ nameOf: user, textOf: text });
  const failed = new Set(events.flatMap((event) => (event.type === 'page.failed' ? [event.page] : [])));
  return events.flatMap((event) => {
    if (event.type === 'page.requested')
      return [{ at: event.at, label: say.recipients(recipientsOf(event)), isAlarming: failed.has(event.seq) }];
    return event.type === 'page.nobody' && event.reason === 'nobody'
      ? [{ at: event.at, label: 'nobody', isAlarming: true }]
      : [];
  });
}
