/**
 * The diagram: drawn from the machine, in words that Mermaid reads.
 */
import { diagram, incidentMachine, type Region } from 'tocsin/lifecycle';
import { describe, expect, test } from 'vitest';
import { TIMER_KINDS } from '../../../src/core/lifecycle/snapshot.ts';
import { TABLE } from './table.ts';

const REGIONS = Object.keys(TABLE) as Region[];
const lines = (text: string): string[] => text.split('\n').map((line) => line.trim());

test('a region is drawn with its first state, its states and its arrows', () => {
  expect(diagram('review')).toBe(
    [
      'stateDiagram-v2',
      '  state "notNeeded" as review_notNeeded',
      '  state "pending" as review_pending',
      '  state "draft" as review_draft',
      '  state "inReview" as review_inReview',
      '  state "published" as review_published',
      '  [*] --> review_notNeeded',
      '  review_notNeeded --> review_pending: review.requested [isResolved]<br/>~resolved [needsReview]<br/>~severityChanged [needsReviewNow]',
      '  review_notNeeded --> review_draft: review.started [isResolved]',
      '  review_pending --> review_notNeeded: review.waived<br/>~reopened',
      '  review_pending --> review_pending: ~severityChanged<br/>after reviewPending',
      '  review_pending --> review_draft: review.started',
      '  review_draft --> review_notNeeded: review.waived<br/>~ended [isDiscarded]',
      '  review_draft --> review_draft: ~severityChanged<br/>~reopened<br/>~resolved<br/>after reviewDraft',
      '  review_draft --> review_inReview: review.submitted',
      '  review_draft --> review_published: review.published',
      '  review_inReview --> review_notNeeded: review.waived<br/>~ended [isDiscarded]',
      '  review_inReview --> review_inReview: ~severityChanged<br/>~reopened<br/>~resolved<br/>after reviewApproval',
      '  review_inReview --> review_draft: review.returned',
      '  review_inReview --> review_published: review.published',
      '  review_published --> review_draft: review.returned',
    ].join('\n'),
  );
});

test('a state that chooses is a diamond, and what remains without a guard is named', () => {
  const drawn = lines(diagram('alerts'));
  expect(drawn).toContain('[*] --> alerts_choosing');
  expect(drawn).toContain('state alerts_choosing <<choice>>');
  expect(drawn).toContain('alerts_choosing --> alerts_firing: [hasAlerts]');
  expect(drawn).toContain('alerts_choosing --> alerts_none: [otherwise]');
  expect(drawn).toContain('alerts_firing --> alerts_none: ~ended [otherwise]');
  expect(drawn).toContain('alerts_clearing --> alerts_clear: ~ended [hasAlerts]<br/>after clearFor');
  expect(drawn).not.toContain('state "choosing" as alerts_choosing');
});

test('a composite state holds its inner states and the arrows between them', () => {
  const drawn = diagram('paging');
  expect(drawn).toContain(
    [
      '  state "holding" as paging_holding {',
      '    state "counting" as paging_holding_counting',
      '    state "waiting" as paging_holding_waiting',
      '    [*] --> paging_holding_counting',
      '    paging_holding_counting --> paging_holding_waiting: ~allCleared',
      '    paging_holding_waiting --> paging_holding_counting: ~joined<br/>~returned',
      '  }',
    ].join('\n'),
  );
  expect(drawn).toContain(
    [
      '    state "timed" as paging_acknowledged_timed',
      '    paging_acknowledged_timed: after acknowledgeTimeout',
      '    state "untimed" as paging_acknowledged_untimed',
    ].join('\n'),
  );
});

test('an arrow that would leave a composite state starts at its border, and one that leads into it at each inner state', () => {
  const drawn = lines(diagram('paging'));
  const hold = drawn.filter((line) => line.startsWith('paging_holding --> ') && line.includes('after hold'));
  expect(hold.map((line) => line.split(':')[0])).toEqual([
    'paging_holding --> paging_escalating',
    'paging_holding --> paging_notified',
  ]);
  const again = drawn.find((line) => line.startsWith('paging_acknowledged --> paging_escalating:'));
  expect(again?.match(/~joined \[repagesOnNewAlert\]/g)).toHaveLength(1);
  expect(drawn).toContain('paging_acknowledged_timed --> paging_acknowledged_choosing: incident.acknowledged');
  expect(drawn.filter((line) => line.startsWith('paging_acknowledged_choosing --> '))).toEqual([
    'paging_acknowledged_choosing --> paging_acknowledged_timed: [hasAcknowledgeTimeout]',
    'paging_acknowledged_choosing --> paging_acknowledged_untimed: [otherwise]',
  ]);
});

test('a timer that does not leave its state is written into it; an event that does not is left out', () => {
  expect(lines(diagram('phase'))).toContain('phase_resolved: after close');
  expect(lines(diagram('paging'))).toContain('paging_escalating: after step [otherwise]');
  expect(lines(diagram('paging')).filter((line) => /^paging_\w+: /.test(line))).toHaveLength(2);
  expect(diagram('phase')).not.toContain('note.added');
  expect(diagram('phase')).not.toContain('xstate');
});

test('the whole statechart is one composite state whose regions are divided by --', () => {
  const drawn = diagram().split('\n');
  expect(drawn.slice(0, 4)).toEqual([
    'stateDiagram-v2',
    '  state "incident" as incident {',
    '    state "phase" as phase {',
    '      state "triage" as phase_triage',
  ]);
  expect(drawn.filter((line) => line === '    --')).toHaveLength(REGIONS.length - 1);
  expect(drawn.slice(-2)).toEqual(['    }', '  }']);
  for (const region of REGIONS) {
    const inner = diagram(region).split('\n').slice(1);
    expect(drawn.join('\n')).toContain(inner.map((line) => `    ${line}`).join('\n'));
  }
});

describe.each(REGIONS)('the %s region', (region) => {
  const drawn = lines(diagram(region));

  test('shows every state of the table, each declared once', () => {
    const ids = drawn.flatMap((line) => /^state (?:"\w+" as )?(\w+)/.exec(line)?.[1] ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(
      expect.arrayContaining(Object.keys(TABLE[region]).map((state) => `${region}_${state.replace('.', '_')}`)),
    );
  });

  test('draws arrows between declared states only, at most one from a state to another, each with its label', () => {
    const ids = drawn.flatMap((line) => /^state (?:"\w+" as )?(\w+)/.exec(line)?.[1] ?? []);
    const arrows = drawn.filter((line) => line.includes('-->') && !line.startsWith('[*]'));
    const ends = arrows.map((line) => /^(\w+) --> (\w+): \S.*$/.exec(line)?.slice(1) ?? []);
    expect(ends.flat().filter((id) => !ids.includes(id))).toEqual([]);
    expect(ends.every((pair) => pair.length === 2)).toBe(true);
    expect(new Set(ends.map(String)).size).toBe(ends.length);
  });
});

test('every kind of timer is drawn, in one region only', () => {
  const drawn = REGIONS.map((region) => new Set([...diagram(region).matchAll(/after (\w+)/g)].map(([, kind]) => kind)));
  const kinds = drawn.flatMap((set) => [...set]);
  expect(kinds).toHaveLength(TIMER_KINDS.length);
  expect(new Set(kinds).size).toBe(TIMER_KINDS.length);
});

test('the picture of the machine has its regions in the order of the machine', () => {
  expect(REGIONS).toEqual(Object.keys(incidentMachine.root.states));
});

describe('the gist', () => {
  const drawn = diagram('paging', { gist: true }).split('\n');

  test('says no guards but those of a choice', () => {
    const guarded = drawn.filter((line) => line.includes('['));
    expect(guarded).toEqual([
      '  [*] --> paging_choosing',
      '  paging_choosing --> paging_quiet: [pagesNobody]',
      '  paging_choosing --> paging_holding: [hasHold]',
      '  paging_choosing --> paging_escalating: [isHighUrgency]',
      '  paging_choosing --> paging_notified: [otherwise]',
    ]);
  });

  test('leaves out what is inside a state, but not the timers there', () => {
    expect(drawn).toContain('  state "acknowledged" as paging_acknowledged');
    expect(drawn).toContain('  paging_acknowledged: after acknowledgeTimeout');
    expect(drawn.filter((line) => line.includes('paging_acknowledged_'))).toEqual([]);
  });

  test('writes into a state what leads there from three states or more, and draws the rest', () => {
    expect(drawn).toContain('  paging_acknowledged: from elsewhere<br/>incident.acknowledged');
    expect(drawn).toContain('  paging_quiet: from elsewhere<br/>~ended');
    expect(drawn.filter((line) => line.includes('--> paging_quiet'))).toEqual([
      '  paging_choosing --> paging_quiet: [pagesNobody]',
    ]);
    expect(drawn).toContain('  paging_escalating --> paging_exhausted: escalation.exhausted');
    expect(drawn).toContain('  paging_quiet --> paging_escalating: ~reopened');
  });

  test('has no guards, and nothing from elsewhere where a region has not much in common', () => {
    const review = diagram('review', { gist: true });
    expect(review).toContain(
      'review_notNeeded --> review_pending: review.requested<br/>~resolved<br/>~severityChanged',
    );
    expect(review).toContain('review_notNeeded: from elsewhere<br/>review.waived');
    expect(diagram('tasks', { gist: true })).not.toContain('from elsewhere');
  });
});
