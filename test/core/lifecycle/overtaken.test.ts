/**
 * What an event leaves without a purpose: taken back in its commit, and nothing beside it.
 */
import { describe, expect, test } from 'vitest';
import { overtaken } from '../../../src/core/lifecycle/overtaken.ts';
import type { IncidentSnapshot } from '../../../src/core/lifecycle/snapshot.ts';
import type { EventOf, TimelineEvent } from '../../../src/model/timeline.ts';
import { ana, opened, severity, story } from './support.ts';

const low = () => story(opened({ urgency: 'low' })).snapshot();
const changed = (
  before: IncidentSnapshot,
  context: Partial<IncidentSnapshot['context']>,
  paging?: string,
): IncidentSnapshot => ({
  ...before,
  context: { ...before.context, ...context },
  value: { ...before.value, ...(paging !== undefined && { paging }) },
});
const base = { seq: 9, at: 1, by: { kind: 'system', id: 'tocsin' } } as const;
const raise = { ...severity('raised'), ...base } as unknown as TimelineEvent;
const page = (heldBy?: 'quietHours'): EventOf<'page.requested'> =>
  ({
    ...base,
    type: 'page.requested',
    purpose: 'reminder',
    position: { cycle: 1, loop: 1, step: 1 },
    configVersion: 'c1',
    recipients: [
      {
        user: 'ana',
        reason: { target: { user: 'ana' } },
        contacts: [{ contact: 'sms', notifier: 'sms', address: '+1', afterMs: 0, ...(heldBy && { heldBy }) }],
      },
      { channel: 'room', reason: { target: { channel: 'room' } }, contacts: [] },
    ],
  }) as EventOf<'page.requested'>;
const OF_ANA = [
  { type: 'withdraw', only: { purpose: 'step', user: 'ana' } },
  { type: 'withdraw', only: { purpose: 'reminder', user: 'ana' } },
];

describe('urgency that rises', () => {
  test('takes back what was held back, and only that', () => {
    const before = changed(low(), { held: ['ana'] });
    expect(overtaken(before, changed(before, { urgency: 'high' }), raise)).toEqual(OF_ANA);
    expect(overtaken(low(), changed(low(), { urgency: 'high' }), raise)).toEqual([]);
    expect(overtaken(before, before, raise)).toEqual([]);
  });
});

describe('a page that is held back', () => {
  test('takes the place of the one before it', () => {
    expect(overtaken(low(), low(), page('quietHours'))).toEqual(OF_ANA);
    expect(overtaken(low(), low(), page())).toEqual([]);
  });
});

describe('that somebody has acknowledged', () => {
  const taken = changed(story().does(ana, { type: 'incident.acknowledged' }).snapshot(), { answerNotice: 7 });

  test('is taken back when nobody has it any more, without what came later', () => {
    const after = changed(taken, {}, 'escalating');
    expect(overtaken(taken, after, raise)).toEqual([{ type: 'withdraw', only: { purpose: 'notice' }, beforeSeq: 8 }]);
  });

  test('stays while somebody has it, and when nobody was told', () => {
    expect(overtaken(taken, taken, raise)).toEqual([]);
    const untold = changed(taken, { answerNotice: 0 });
    expect(overtaken(untold, changed(untold, {}, 'escalating'), raise)).toEqual([]);
  });
});

test('the first event overtakes nothing', () => {
  expect(overtaken(undefined, low(), raise)).toEqual([]);
});
