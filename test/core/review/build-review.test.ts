/**
 * The review of an incident: worked out by hand for a few lives, from the first alert to what was published.
 */
import { describe, expect, test } from 'vitest';
import type { EventDraft } from '../../../src/model/timeline.ts';
import { ana, MINUTE, story, T0 } from '../lifecycle/support.ts';
import { draft, reviewOf } from './reviews.ts';

const RESOLVED: EventDraft = { type: 'incident.resolved', reason: 'cleaned up' };

describe('an incident that was answered and resolved', () => {
  const life = story()
    .passes(2 * MINUTE)
    .does(ana, { type: 'incident.acknowledged' })
    .passes(8 * MINUTE)
    .does(ana, { type: 'note.added', text: 'The disk is full' })
    .passes(10 * MINUTE)
    .does(ana, { type: 'incident.mitigated' })
    .passes(20 * MINUTE)
    .does(ana, RESOLVED);
  const review = reviewOf(life.timeline());

  test('tells what happened, a sentence each, and what kind of thing it was', () => {
    expect(review.entries.map(({ at, kind, text }) => [(at - T0) / MINUTE, kind, text])).toEqual([
      [0, 'phase', 'Opened by alertmanager: SEV2, high urgency, service checkout.'],
      [0, 'page', 'Paged Ana Díaz (step 1, round 1).'],
      [2, 'acknowledgement', 'Acknowledged by Ana Díaz.'],
      [10, 'note', 'Ana Díaz: The disk is full'],
      [20, 'phase', 'Mitigated by Ana Díaz.'],
      [20, 'page', 'Told nobody that it is in monitoring.'],
      [40, 'phase', 'Resolved by Ana Díaz: cleaned up.'],
    ]);
  });

  test('is drawn from its first moment to its end', () => {
    expect(review.picture).toEqual({
      fromAt: T0,
      untilAt: T0 + 40 * MINUTE,
      alerts: [{ fromAt: T0, untilAt: T0 + 40 * MINUTE, label: 'Alert a1' }],
      phases: [
        { fromAt: T0, untilAt: T0 + 20 * MINUTE, label: 'triage', phase: 'triage' },
        { fromAt: T0 + 20 * MINUTE, untilAt: T0 + 40 * MINUTE, label: 'monitoring', phase: 'monitoring' },
      ],
      acknowledged: [{ fromAt: T0 + 2 * MINUTE, untilAt: T0 + 40 * MINUTE, label: 'Ana Díaz' }],
      snoozed: [],
      severities: [{ fromAt: T0, untilAt: T0 + 40 * MINUTE, label: 'SEV2', severity: 'SEV2' }],
      pages: [{ at: T0, label: 'Ana Díaz', isAlarming: false }],
      updates: [],
    });
  });

  test('was noticed by an alert, and says so', () => {
    expect(review.detection).toEqual({ by: 'alert', what: 'alertmanager: Alert a1' });
    expect(review.incident).toEqual({
      id: 'i1',
      title: 'Checkout fails',
      service: 'checkout',
      serviceName: 'Checkout',
      severity: 'SEV2',
      kind: 'real',
      visibility: 'public',
      phase: 'resolved',
      openedAt: T0,
      endedAt: T0 + 40 * MINUTE,
    });
  });

  test('lacks its summary until somebody has written it', () => {
    expect(review.missing).toEqual(['summary']);
    expect(reviewOf(life.timeline(), { stored: draft() }).missing).toEqual([]);
    const blank = draft({ content: { answers: { summary: ' \n' }, factors: [] } });
    expect(reviewOf(life.timeline(), { stored: blank }).missing).toEqual(['summary']);
  });
});
