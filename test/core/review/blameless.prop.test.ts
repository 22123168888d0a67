/**
 * Nobody who was involved can be recognised in a blameless review, whatever they are called and wherever they are written of.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Delivery } from '../../../src/model/delivery.ts';
import type { Actor } from '../../../src/model/identity.ts';
import { alert, MINUTE, opened, person, story, T0 } from '../lifecycle/support.ts';
import { actionItem, draft, inputOf, items, numbers, reviewOf, shop } from './reviews.ts';

const ODD = [
  '$^.*+?',
  '(a|b)',
  '[x]{2}',
  '\\d/',
  'דנה ',
  'عمر ',
  '🦊',
  '田中',
  'Will ',
  "O'",
  'José ',
  'ﬁ',
  '',
  '<b>',
  '"',
];
/** Each name has something of its own in it, so that it is only found where it was left. */
const names = fc
  .array(fc.tuple(fc.constantFrom(...ODD), fc.string({ unit: 'grapheme', maxLength: 4 })), {
    minLength: 3,
    maxLength: 3,
  })
  .map((odd) => odd.map(([before, after], place) => `${before}qzx${place}${after}`));

const IDS = ['ops.lead+1@example.org', 'ünal-7', 'z/9:x'] as const;
const ADDRESSES = ['+15550777', 'mail@example.net', 'https://hooks.example.com/z9'] as const;
const CONFIG = shop({
  reviews: { blameless: true },
  users: [
    { id: 'ana' },
    { id: 'boss', contacts: [{ notifier: 'sms', address: '+15550199' }] },
    { id: IDS[0], contacts: [{ notifier: 'sms', address: ADDRESSES[0] }] },
    { id: IDS[2], contacts: [{ notifier: 'hook', address: ADDRESSES[2] }] },
  ],
  incidents: {
    fields: [
      { id: 'who', type: 'text' },
      { id: 'owner', type: 'user' },
    ],
  },
});

const sayOf = (words: readonly string[]) =>
  words.map((word) => `${word}, (${word.toUpperCase()}) ${word}'s`).join('; ');

test('no name, id or address of anybody who was involved is left in it', () => {
  fc.assert(
    fc.property(names, ([first = '', second = '', third = '']) => {
      const called = new Map<string, string>(IDS.map((id, place) => [id, [first, second, third][place] ?? '']));
      const said = sayOf([...IDS, ...called.values(), ...ADDRESSES]);
      const [one, two, three] = IDS.map((id): Actor => person(id)) as [Actor, Actor, Actor];
      const life = story(opened({ title: said, body: said, alerts: [{ ...alert('a1'), title: said }] }), { by: one })
        .does(two, { type: 'incident.acknowledged' })
        .does(two, { type: 'role.assigned', role: 'commander', user: IDS[2], previous: IDS[0], because: 'declined' })
        .does(one, { type: 'responder.requested', user: IDS[2] }, { type: 'note.added', text: said })
        .does(three, { type: 'responder.declined', user: IDS[2], reason: said })
        .does(three, { type: 'update.posted', text: said, audience: 'internal', author: two })
        .does(one, {
          type: 'task.added',
          task: { id: 't1', title: said, status: 'open', assignee: IDS[1] },
        })
        .does(one, { type: 'link.added', link: { href: `https://example.org/${IDS[1]}` } })
        .does(one, { type: 'fields.set', fields: { who: said, owner: IDS[0] } })
        .does(one, { type: 'times.corrected', times: { detectedAt: { to: T0 - MINUTE } }, reason: said })
        .does(one, {
          type: 'page.failed',
          page: 2,
          purpose: 'step',
          position: { cycle: 1, loop: 1, step: 1 },
          errors: [said],
        })
        .does(one, { type: 'incident.resolved', reason: said });
      const delivery: Delivery = {
        ...{ id: 'i1:2:0', tenant: 'default', incidentId: 'i1', page: 2, purpose: 'step', contact: 'sms' },
        ...{ position: { cycle: 1, loop: 1, step: 1 }, user: IDS[1], notifier: 'sms', address: ADDRESSES[1] },
        ...{ urgency: 'high', state: 'dead', attempts: 3, error: said },
        ...{ requestedAt: new Date(T0), dueAt: new Date(T0) },
      };
      const review = reviewOf(life.timeline(), {
        ...inputOf(life.timeline()),
        timeline: [...items(life.timeline()), { kind: 'delivery', at: T0, delivery }],
        config: CONFIG,
        nameOf: (user) => called.get(user),
        numbers: numbers({
          ...{ title: said, offender: said, involved: IDS },
          people: IDS.map((user) => ({ user, pagedAt: [T0], acknowledgements: 0, engagedMs: 0 })),
        }),
        stored: draft({
          authors: [one],
          content: { answers: { summary: said }, factors: [{ id: 'f1', text: said }] },
        }),
        actionItems: [actionItem({ title: said, owner: IDS[1], createdBy: three })],
        similar: [
          {
            ...{ id: 'i0', title: said, service: 'checkout', severity: 'SEV2', openedAt: 0, score: 1 },
            because: [`text: ${first}`],
          },
        ],
      });
      const written = JSON.stringify(review).toLowerCase();
      for (const word of [...IDS, ...called.values(), ...ADDRESSES].filter((one) => one.trim() !== ''))
        expect(written).not.toContain(JSON.stringify(word.trim().toLowerCase()).slice(1, -1));
      expect(written).not.toMatch(/qzx/);
    }),
    { numRuns: 15 },
  );
});
