/** What holds for the record of every incident, whatever is done to it in whatever order. */
import fc from 'fast-check';
import { advance, type IncidentSnapshot, settle } from 'tocsin/lifecycle';
import { readStatusRecord, type StatusRecord, statusRecordAfter, touchesStatus } from 'tocsin/status';
import { expect, test } from 'vitest';
import { isTocsinError } from '../../../src/errors.ts';
import { SYSTEM } from '../../../src/model/identity.ts';
import { IMPACTS } from '../../../src/model/status.ts';
import type { EventDraft, TimelineEvent } from '../../../src/model/timeline.ts';
import { alert, ana, opened, planOf, T0 } from '../lifecycle/support.ts';
import { compiled } from './build.ts';

type Commit = {
  readonly before: IncidentSnapshot;
  readonly snapshot: IncidentSnapshot;
  readonly events: readonly TimelineEvent[];
};

const severities = fc.constantFrom('SEV1', 'SEV2', 'SEV3');
const drafts: fc.Arbitrary<EventDraft> = fc.oneof(
  fc
    .constantFrom<EventDraft['type']>(
      'investigation.started',
      'cause.identified',
      'incident.mitigated',
      'incident.resolved',
      'incident.reopened',
      'incident.closed',
      'incident.dismissed',
      'incident.acknowledged',
    )
    .map((type) => ({ type }) as EventDraft),
  severities.map(
    (severity): EventDraft => ({
      type: 'severity.changed',
      severity,
      urgency: 'high',
      direction: 'raised',
      updateEveryMs: null,
      reviewWithinMs: null,
    }),
  ),
  fc
    .record(
      {
        text: fc.constantFrom('one', 'two'),
        audience: fc.constantFrom('internal' as const, 'public' as const),
        title: fc.constantFrom('A', 'B'),
        status: fc.constantFrom(
          'investigating' as const,
          'identified' as const,
          'monitoring' as const,
          'resolved' as const,
        ),
        components: fc.dictionary(fc.constantFrom('checkout', 'docs', 'gone'), fc.constantFrom(...IMPACTS)),
      },
      { requiredKeys: ['text', 'audience'] },
    )
    .map((update): EventDraft => ({ type: 'update.posted', ...update })),
  fc
    .record(
      { title: fc.constantFrom('T', 'U'), visibility: fc.constantFrom('public' as const, 'private' as const) },
      { requiredKeys: [] },
    )
    .map((facts): EventDraft => ({ type: 'incident.updated', ...facts })),
  fc.constantFrom('a1', 'a2', 'a3').map((id): EventDraft => ({ type: 'alert.joined', alert: alert(id) })),
  fc.constantFrom('a1', 'a2').map((id): EventDraft => ({ type: 'alert.cleared', alert: id })),
  fc.constantFrom('firing' as const, 'cleared' as const).map(
    (status): EventDraft => ({
      type: 'incident.absorbed',
      source: 'i9',
      alerts: [{ ...alert('b1'), status }],
      responders: [],
      tasks: [],
    }),
  ),
  fc
    .record(
      {
        impactStartedAt: fc.record({ to: fc.constantFrom(T0 - 120_000, T0 - 60_000) }),
        resolvedAt: fc.record({ to: fc.constantFrom(T0, T0 + 30_000, T0 + 600_000) }),
      },
      { requiredKeys: [] },
    )
    .map((times): EventDraft => ({ type: 'times.corrected', times })),
  fc.constant<EventDraft>({ type: 'note.added', text: 'n' }),
  fc.constant<EventDraft>({ type: 'timer.fired', kind: 'clearFor' }),
  fc.constant<EventDraft>({ type: 'timer.fired', kind: 'close' }),
);
const moves = fc.array(fc.tuple(drafts, fc.constantFrom(0, 1, 60_000)), { maxLength: 20 });
const firsts = fc
  .record({
    severity: severities,
    service: fc.constantFrom('checkout', 'batch'),
    times: fc.constantFrom({}, { impactStartedAt: T0 - 60_000 }),
  })
  .map(opened);
const configurations = fc.constantFrom(compiled(), compiled({ publish: 'onUpdate' }), compiled({ from: 'SEV3' }));
const plan = planOf({ primary: ['ana'], secondary: ['ben'] });

function lived(first: EventDraft, todo: readonly (readonly [EventDraft, number])[]): readonly Commit[] {
  let at = T0;
  const begun = settle({ snapshot: undefined, drafts: [first], at, by: ana, plan });
  const commits: Commit[] = [{ before: begun.snapshot, ...begun }];
  for (const [draft, ms] of todo) {
    at += ms;
    const before = commits.at(-1)!.snapshot;
    // No command corrects an end that has not come.
    const hasEnd = draft.type === 'times.corrected' && draft.times.resolvedAt !== undefined;
    if (hasEnd && before.context.times.resolvedAt === undefined) continue;
    try {
      const by = draft.type === 'timer.fired' ? SYSTEM : ana;
      commits.push({ before, ...settle({ snapshot: before, drafts: [draft], at, by, plan }) });
    } catch (error) {
      if (!isTocsinError(error, 'INVALID_TRANSITION')) throw error;
    }
  }
  return commits;
}

test('events folded one by one, commit by commit or all at once make the same record', () => {
  fc.assert(
    fc.property(firsts, moves, configurations, (first, todo, status) => {
      const commits = lived(first, todo);
      const events = commits.flatMap((commit) => commit.events);
      const whole = statusRecordAfter(undefined, { events, snapshot: commits.at(-1)!.snapshot }, status);

      let single: StatusRecord | undefined;
      let snapshot: IncidentSnapshot | undefined;
      for (const event of events) {
        snapshot = advance(snapshot, event).snapshot;
        single = statusRecordAfter(single, { events: [event], snapshot }, status);
      }
      let asStored: unknown;
      for (const commit of commits) {
        if (commit.before !== commit.snapshot && !touchesStatus(commit.events)) continue;
        const after = statusRecordAfter(readStatusRecord(asStored), commit, status);
        asStored = after === undefined ? undefined : JSON.parse(JSON.stringify(after));
      }
      expect(JSON.stringify(single)).toBe(JSON.stringify(whole));
      expect(JSON.stringify(asStored)).toBe(JSON.stringify(whole));
    }),
    { numRuns: 200 },
  );
});

test('a record stands where its incident stands', () => {
  const words: Record<string, string> = {
    triage: 'investigating',
    closed: 'resolved',
    dismissed: 'ended',
    merged: 'ended',
  };
  fc.assert(
    fc.property(firsts, moves, (first, todo) => {
      const commits = lived(first, todo);
      const events = commits.flatMap((commit) => commit.events);
      const { snapshot } = commits.at(-1)!;
      const record = statusRecordAfter(undefined, { events, snapshot }, compiled());
      if (record === undefined) return;
      const { phase } = snapshot.value;
      expect(record.phases.at(-1)?.status).toBe(words[phase] ?? phase);
      const { outcome, title, severity, visibility } = snapshot.context;
      expect(record).toMatchObject({ outcome, title, severity, visibility });
      if (outcome !== 'open') expect(record.spans.at(-1)?.impacts ?? {}).toEqual({});
      expect(record.spans.flatMap(({ impacts }) => Object.values(impacts))).not.toContain('operational');
      expect(record.spans.every(({ at }, place) => at >= (record.spans[place - 1]?.at ?? 0))).toBe(true);
    }),
    { numRuns: 200 },
  );
});
