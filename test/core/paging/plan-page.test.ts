import { describe, expect, test } from 'vitest';
import type { IncidentContext } from '../../../src/core/lifecycle/context.ts';
import type { PlannedEffect } from '../../../src/core/lifecycle/settle.ts';
import { plan } from '../../../src/core/paging/plan-page.ts';
import type { EventDraft, EventOf } from '../../../src/model/timeline.ts';
import { DAY, HOUR, incident, ladder, MINUTE, names, rung, T0, world } from './world.ts';

const shop = world();
const SMS = { contact: 'sms', notifier: 'sms', address: '+2', afterMs: 0 };
const CLOSED = { field: 'severity', op: 'equals', value: 'SEV1' } as const;
const OPEN = { field: 'severity', op: 'equals', value: 'SEV2' } as const;

type Purpose = Extract<PlannedEffect, { type: 'requestPage' }>['purpose'];
const page = (purpose: Purpose, context: IncidentContext, more: { responder?: string; schedule?: string } = {}) =>
  plan({ type: 'requestPage', purpose, ...more }, context, shop);
const asked = (draft: EventDraft | undefined) =>
  draft?.type === 'page.requested' ? names(draft.recipients) : draft?.type === 'page.nobody' ? draft.reason : draft;
const missed = (draft: EventDraft | undefined) => draft as EventDraft & EventOf<'page.nobody'>;

describe('a step', () => {
  test('asks whoever is on call, and records everything that a replay needs', () => {
    const position = { cycle: 2, loop: 3, step: 1 };
    const context = incident({
      position,
      ladder: ladder(rung([{ schedule: 'primary' }, { channel: 'room' }])),
      at: T0 + 7 * DAY,
    });
    expect(page('step', context)).toEqual({
      type: 'page.requested',
      purpose: 'step',
      position,
      recipients: [
        {
          user: 'ben',
          reason: {
            target: { schedule: 'primary' },
            schedule: 'primary',
            source: 'rotation',
            sourceId: 'weekly',
            layer: 'weekly',
            handoff: 1,
          },
          contacts: [SMS],
        },
        {
          channel: 'room',
          reason: { target: { channel: 'room' } },
          contacts: [{ contact: 'room', notifier: 'chat', address: '#room', afterMs: 0 }],
        },
      ],
      configVersion: 'c1',
    });
  });

  test('asks the people of its own rung only', () => {
    const rungs = ladder(rung([{ user: 'ana' }]), rung([{ user: 'ben' }]), rung([{ user: 'chi' }]));
    const at = (step: number) =>
      asked(page('step', incident({ ladder: rungs, position: { cycle: 1, loop: 1, step } })));
    expect([at(1), at(2), at(3)]).toEqual([['ana'], ['ben'], ['chi']]);
  });

  test('tells who of its targets was not asked, and why', () => {
    const draft = page('step', incident({ ladder: ladder(rung([{ user: 'mute' }, { user: 'ben' }])) }));
    expect(draft).toMatchObject({
      type: 'page.requested',
      trace: { unreached: [{ target: { user: 'mute' }, user: 'mute', why: 'no contact' }] },
    });
    expect(page('step', incident())).not.toHaveProperty('trace');
  });

  test('whose targets are nobody says so, and why', () => {
    expect(page('step', incident({ ladder: ladder(rung([{ user: 'mute' }])) }))).toEqual({
      type: 'page.nobody',
      purpose: 'step',
      position: { cycle: 1, loop: 1, step: 1 },
      reason: 'nobody',
      trace: { unreached: [{ target: { user: 'mute' }, user: 'mute', why: 'no contact' }] },
    });
  });

  test('to a channel alone reaches nobody, and the channel mirrors it all the same', () => {
    expect(page('step', incident({ ladder: ladder(rung([{ channel: 'room' }])) }))).toEqual({
      type: 'page.nobody',
      purpose: 'step',
      position: { cycle: 1, loop: 1, step: 1 },
      reason: 'nobody',
      recipients: [
        {
          channel: 'room',
          reason: { target: { channel: 'room' } },
          contacts: [{ contact: 'room', notifier: 'chat', address: '#room', afterMs: 0 }],
        },
      ],
      trace: { unreached: [] },
    });
  });

  test('beyond the ladder is passed over', () => {
    expect(page('step', incident({ position: { cycle: 1, loop: 1, step: 2 } }))).toMatchObject({
      type: 'page.nobody',
      reason: 'gated',
      trace: { gate: undefined },
    });
  });
});

describe('a step with a gate', () => {
  const gated = (when: typeof OPEN | typeof CLOSED, more: Partial<IncidentContext> = {}) =>
    incident({ ladder: ladder(rung([{ user: 'ana' }], { when })), ...more });

  test('that is open asks', () => {
    expect(asked(page('step', gated(OPEN)))).toEqual(['ana']);
  });

  test('that is closed is passed over and recorded as gated, with the gate', () => {
    expect(page('step', gated(CLOSED))).toEqual({
      type: 'page.nobody',
      purpose: 'step',
      position: { cycle: 1, loop: 1, step: 1 },
      reason: 'gated',
      trace: { gate: CLOSED },
    });
  });

  test('looks at the incident and at the moment', () => {
    const at = (hour: number) =>
      asked(
        page(
          'step',
          incident({
            at: T0 + hour * HOUR,
            ladder: ladder(
              rung([{ user: 'ana' }], {
                when: {
                  all: [
                    { field: 'alertCount', op: 'gte', value: 1 },
                    { op: 'during', value: { timeZone: 'UTC', from: '09:00', until: '17:00' } },
                  ],
                },
              }),
            ),
          }),
        ),
      );
    expect([at(0), at(8)]).toEqual([['ana'], 'gated']);
  });
});

describe('whoever had acknowledged', () => {
  test('is asked again beside the step, for that reason', () => {
    const draft = page('step', incident({ repage: ['ben'] }));
    expect(asked(draft)).toEqual(['ana', 'ben']);
    expect(draft).toMatchObject({
      recipients: [{}, { user: 'ben', reason: { target: { repage: true } }, contacts: [SMS] }],
    });
  });

  test('is asked once when the step names them too, where and for the reason that it does', () => {
    const context = incident({ repage: ['ana', 'chi'], ladder: ladder(rung([{ user: 'ana' }, { user: 'ben' }])) });
    const draft = page('step', context);
    expect(asked(draft)).toEqual(['ana', 'ben', 'chi']);
    expect(draft).toMatchObject({ recipients: [{ reason: { target: { user: 'ana' } } }, {}, {}] });
  });

  test('is asked even when the gate is closed or nobody is there', () => {
    const closed = ladder(rung([{ user: 'ana' }], { when: CLOSED }));
    expect(asked(page('step', incident({ repage: ['ben'], ladder: closed })))).toEqual(['ben']);
    const draft = page('step', incident({ repage: ['ben'], ladder: ladder(rung([{ user: 'mute' }])) }));
    expect(asked(draft)).toEqual(['ben']);
    expect(draft).toMatchObject({ trace: { unreached: [{ user: 'mute' }] } });
  });

  test('and cannot be reached any more is told', () => {
    expect(missed(page('step', incident({ repage: ['zoe'], ladder: ladder(rung([{ user: 'mute' }])) }))).trace).toEqual(
      {
        unreached: [
          { target: { user: 'mute' }, user: 'mute', why: 'no contact' },
          { target: { repage: true }, user: 'zoe', why: 'no such user' },
        ],
      },
    );
  });

  test('is not asked by anything but a step', () => {
    const context = incident({ repage: ['chi'] });
    expect(asked(page('fallback', context))).toEqual(['ben']);
    const known = { ...context, times: { ...context.times, firstPagedAt: 0 } };
    expect(asked(page('reminder', known))).toEqual(['ana']);
    expect(asked(page('handoff', context, { schedule: 'primary' }))).toEqual(['ana']);
    const closed = ladder(rung([{ user: 'ana' }], { when: CLOSED }));
    expect(asked(page('reminder', { ...known, ladder: closed }))).toBe('gated');
  });
});

describe('the fallback', () => {
  test('asks the fallback of the ladder, whatever the rung and its gate', () => {
    const context = incident({
      ladder: {
        ...ladder(rung([{ user: 'ana' }], { when: CLOSED })),
        fallback: [{ user: 'chi' }, { schedule: 'primary' }],
      },
    });
    const draft = page('fallback', context);
    expect(asked(draft)).toEqual(['chi', 'ana']);
    expect(draft).toMatchObject({ type: 'page.requested', purpose: 'fallback', configVersion: 'c1' });
  });
});

describe('a responder', () => {
  test('is asked to join, as urgently as it gets', () => {
    const draft = page('responder', incident({ urgency: 'low' }), { responder: 'ana' });
    expect(draft).toEqual({
      type: 'page.requested',
      purpose: 'responder',
      position: { cycle: 1, loop: 1, step: 1 },
      recipients: [
        {
          user: 'ana',
          name: 'Ana',
          reason: { target: { responder: true } },
          contacts: [
            { ...SMS, address: '+1' },
            { contact: 'voice', notifier: 'voice', address: '+1', afterMs: 2 * MINUTE },
          ],
        },
      ],
      configVersion: 'c1',
    });
  });

  test('who cannot be reached is told, with the reason, and is not looked for later', () => {
    for (const urgency of ['high', 'low'] as const)
      expect(page('responder', incident({ urgency, repage: ['ben'] }), { responder: 'mute' })).toEqual({
        type: 'page.nobody',
        purpose: 'responder',
        position: { cycle: 1, loop: 1, step: 1 },
        reason: 'nobody',
        trace: { unreached: [{ target: { responder: true }, user: 'mute', why: 'no contact' }] },
      });
  });

  test('who is not named is nobody', () => {
    expect(page('responder', incident())).toMatchObject({ type: 'page.nobody', trace: { unreached: [] } });
  });
});

describe('a handoff', () => {
  const incoming = (askedBefore: readonly string[], at = T0 + 7 * DAY) =>
    page('handoff', incident({ at, asked: askedBefore, ladder: ladder(rung([{ user: 'ana' }])) }), {
      schedule: 'primary',
    });

  test('asks the incoming person', () => {
    const draft = incoming(['ana']);
    expect(asked(draft)).toEqual(['ben']);
    expect(draft).toMatchObject({ purpose: 'handoff', recipients: [{ reason: { schedule: 'primary', handoff: 1 } }] });
  });

  test('asks only people who were not asked yet', () => {
    expect(incoming(['ana', 'ben'])).toEqual({
      type: 'page.nobody',
      purpose: 'handoff',
      position: { cycle: 1, loop: 1, step: 1 },
      reason: 'nobody',
      trace: { unreached: [] },
    });
    expect(asked(incoming(['ana'], T0 + DAY))).toEqual(['chi']);
  });

  test('of no schedule asks nobody', () => {
    expect(page('handoff', incident())).toMatchObject({ reason: 'nobody', trace: { unreached: [] } });
  });
});

describe('low urgency', () => {
  const low = (...rungs: readonly ReturnType<typeof rung>[]) =>
    incident({ urgency: 'low', at: T0 + 8 * HOUR, ladder: ladder(...rungs) });

  test('asks through the first contact', () => {
    expect(page('step', incident({ urgency: 'low' }))).toMatchObject({
      recipients: [{ user: 'ana', contacts: [{ ...SMS, address: '+1' }] }],
    });
  });

  test('reminds through the rung where it stands', () => {
    const unheard = incident({ urgency: 'low' });
    const draft = page('reminder', { ...unheard, times: { ...unheard.times, firstPagedAt: 0 } });
    expect(asked(draft)).toEqual(['ana']);
    expect(draft).toMatchObject({ purpose: 'reminder' });
  });

  test('reminds nobody of what nobody has heard of: that is the first step', () => {
    expect(page('reminder', incident({ urgency: 'low' }))).toMatchObject({ type: 'page.requested', purpose: 'step' });
  });

  test('that reaches nobody says when somebody can be reached', () => {
    const office = rung([{ schedule: 'office' }]);
    const heard = low(office);
    const known = { ...heard, times: { ...heard.times, firstPagedAt: 0 } };
    for (const purpose of ['step', 'reminder'] as const)
      expect(page(purpose, known)).toMatchObject({
        type: 'page.nobody',
        purpose,
        reason: 'nobody',
        nextOpeningMs: 16 * HOUR,
      });
    const gated = rung([{ user: 'ana' }], {
      when: { op: 'during', value: { timeZone: 'UTC', from: '18:00', until: '19:00' } },
    });
    expect(page('step', low(gated))).toMatchObject({ reason: 'gated', nextOpeningMs: HOUR });
  });

  test('below the last rung nobody waits: the next rung goes on, and no opening is looked for', () => {
    const office = rung([{ schedule: 'office' }]);
    const standing = low(office, rung([{ schedule: 'office' }]));
    expect(page('step', standing)).not.toHaveProperty('nextOpeningMs');
    expect(page('step', { ...standing, position: { ...standing.position, step: 2 } })).toMatchObject({
      nextOpeningMs: 16 * HOUR,
    });
  });

  test('has a next opening, high urgency has none', () => {
    const office = rung([{ schedule: 'office' }]);
    expect(page('step', { ...low(office), urgency: 'high' })).not.toHaveProperty('nextOpeningMs');
  });
});

describe('a notice', () => {
  const notice = (more: Partial<IncidentContext>) =>
    plan({ type: 'requestNotice', topic: 'monitoring' }, incident(more), shop);

  test('tells whoever acknowledged, joined or has a role, each once, through the first contact', () => {
    expect(
      notice({
        acknowledgedBy: ['ana'],
        responders: { ana: 'accepted', chi: 'accepted', zoe: 'accepted' },
        roles: { commander: 'chi', scribe: 'ben' },
      }),
    ).toEqual({
      type: 'notice.requested',
      topic: 'monitoring',
      recipients: [
        { user: 'ana', name: 'Ana', reason: { target: { user: 'ana' } }, contacts: [{ ...SMS, address: '+1' }] },
        {
          user: 'chi',
          reason: { target: { user: 'chi' } },
          contacts: [{ contact: 'email', notifier: 'email', address: 'chi@example.com', afterMs: 0 }],
        },
        { user: 'ben', reason: { target: { user: 'ben' } }, contacts: [SMS] },
      ],
    });
  });

  test('is told as what can wait', () => {
    const quiet = world({
      users: [
        ...shop.config.users,
        {
          id: 'eve',
          contacts: [
            { notifier: 'voice', address: '+3' },
            { notifier: 'email', address: 'eve@example.com' },
          ],
          rules: { high: [{ contact: 'voice' }], low: [{ contact: 'email' }] },
        },
      ],
    });
    expect(
      plan({ type: 'requestNotice', topic: 'monitoring' }, incident({ acknowledgedBy: ['eve'] }), quiet),
    ).toMatchObject({ recipients: [{ user: 'eve', contacts: [{ contact: 'email' }] }] });
  });

  test('does not tell who has not answered or declined, nor who did it', () => {
    const responders = { ben: 'requested', chi: 'declined', ana: 'accepted' } as const;
    expect(notice({ responders })).toMatchObject({ recipients: [{ user: 'ana' }] });
    expect(notice({ responders, byUser: 'ana' })).toBeUndefined();
    expect(notice({ responders: { ...responders, ben: 'accepted' }, byUser: 'ana' })).toMatchObject({
      recipients: [{ user: 'ben' }],
    });
  });

  test('is not given when there is nobody to tell', () => {
    expect(notice({})).toBeUndefined();
    expect(notice({ acknowledgedBy: ['mute'] })).toBeUndefined();
  });
});
