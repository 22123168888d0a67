/**
 * What a review calls everybody: by their names, or by the part that they had.
 */
import { describe, expect, test } from 'vitest';
import type { Delivery } from '../../../src/model/delivery.ts';
import { ana, ben, MINUTE, opened, person, story, T0 } from '../lifecycle/support.ts';
import { actionItem, draft, inputOf, items, numbers, reviewOf, shop } from './reviews.ts';

const blameless = shop({ reviews: { blameless: true } });

const life = story()
  .does(ben, { type: 'incident.acknowledged' })
  .does(ben, { type: 'role.assigned', role: 'commander', user: 'ana', previous: null })
  .does(ana, { type: 'responder.requested', user: 'cho' })
  .does(ben, { type: 'note.added', text: 'Ana Díaz called ben at +15550100, not +15550199' })
  .does(ana, { type: 'update.posted', text: 'Boss and ben are on it', audience: 'public' });
const events = life.timeline();

describe('a blameless review', () => {
  const review = reviewOf(events, { config: blameless });

  test('calls whoever has a role by it, others by the order in which they appear, and sources by their names', () => {
    expect(review.entries.map(({ text }) => text)).toEqual([
      'Opened by alertmanager: SEV2, high urgency, service checkout.',
      'Paged the commander (step 1, round 1).',
      'Acknowledged by responder 1.',
      'Responder 1 filled the role of commander.',
      'The commander asked responder 2 to join.',
      'Asked to join: responder 2.',
      'Responder 1: the commander called responder 1 at an address, not an address',
      'The commander posted a public update: somebody and responder 1 are on it',
    ]);
  });

  test('calls everybody the same wherever they are named', () => {
    const {
      people,
      picture,
      numbers: told,
    } = reviewOf(events, {
      config: blameless,
      numbers: numbers({
        people: [{ user: 'ben', pagedAt: [T0], acknowledgements: 1, engagedMs: 60 }],
        involved: ['ben'],
      }),
    });
    expect(people).toEqual([
      { name: 'the commander', parts: ['commander', 'wrote updates'], pages: 0, engagedMs: 0 },
      { name: 'responder 1', parts: ['acknowledged it'], pages: 1, engagedMs: 60 },
    ]);
    expect(picture.acknowledged[0]?.label).toBe('responder 1');
    expect(told.people[0]?.user).toBe('responder 1');
    expect(told.involved).toBeUndefined();
  });

  test('calls everybody as before when more has happened', () => {
    const before = review.entries.map(({ text }) => text);
    life.passes(MINUTE).does(person('zoe'), { type: 'note.added', text: 'zoe is here' });
    const after = reviewOf(life.timeline(), { config: blameless }).entries.map(({ text }) => text);
    expect(after.slice(0, before.length)).toEqual(before);
    expect(after.at(-1)).toBe('Responder 3: responder 3 is here');
  });

  test('takes names out of everything that people wrote', () => {
    const first = opened({ title: 'Ana Díaz broke it', body: 'Says ben', alerts: [] });
    const built = reviewOf(
      story(first, { by: ben })
        .does(ana, { type: 'task.added', task: { id: 't1', title: 'Ask ben', status: 'open', assignee: 'ben' } })
        .does(ana, { type: 'task.updated', task: 't1', dueAt: T0 })
        .timeline(),
      {
        config: blameless,
        stored: draft({
          content: {
            answers: { summary: 'ben deleted it' },
            factors: [{ id: 'f1', text: 'Nobody looked at what Ana Díaz did' }],
          },
        }),
        actionItems: [actionItem({ title: 'Train ben', owner: 'ben', external: { tracker: 'jira', id: 'X-1' } })],
        similar: [
          {
            ...{ id: 'i0', title: 'Ben broke it', service: 'checkout', severity: 'SEV2', openedAt: 0, score: 0.5 },
            because: ['text: ben, broke'],
          },
        ],
      },
    );
    expect(built.incident).toMatchObject({ title: 'responder 2 broke it', body: 'Says responder 1' });
    expect(built.sections[0]?.answer).toBe('responder 1 deleted it');
    expect(built.factors[0]?.text).toBe('Nobody looked at what responder 2 did');
    expect(built.actionItems[0]).toMatchObject({ title: 'Train responder 1', owner: 'responder 1' });
    expect(built.openTasks).toEqual(['Ask responder 1']);
    expect(built.entries.at(-1)?.text).toBe('Responder 2 changed task Ask responder 1.');
    expect(built.similar[0]).toMatchObject({ title: 'responder 1 broke it', because: ['text: responder 1, broke'] });
  });

  test('says of a message that nobody got only that, and of an address nothing', () => {
    const at = T0 + MINUTE;
    const delivery: Delivery = {
      ...{ id: 'i1:2:0', tenant: 'default', incidentId: 'i1', page: 2, purpose: 'step', contact: 'sms' },
      ...{ position: { cycle: 1, loop: 1, step: 1 }, user: 'dee', notifier: 'sms', address: '+15550777' },
      ...{ urgency: 'high', state: 'dead', attempts: 3, error: 'dee at +15550777 is no subscriber' },
      ...{ requestedAt: new Date(T0), dueAt: new Date(at) },
    };
    const timeline = [...items(story().timeline()), { kind: 'delivery', at: new Date(at), delivery } as const];
    const input = (config = blameless) => ({ ...inputOf(story().timeline()), timeline, config });
    const textOf = (config = blameless) => reviewOf(story().timeline(), input(config)).entries.at(-1);
    expect(textOf()).toMatchObject({ text: 'Could not reach responder 2 by sms.', isAlarming: true, kind: 'delivery' });
    expect(textOf(shop())?.text).toBe('Could not reach dee by sms: dee at +15550777 is no subscriber.');
  });

  test('names nobody who is known and was not there either, and takes no word for one of them', () => {
    const people = Array.from({ length: 3_000 }, (_, place) => ({
      id: `person-${place}`,
      name: `Kim Possible ${place}`,
    }));
    const config = shop({
      reviews: { blameless: true },
      users: [{ id: 'ana' }, { id: 'boss', contacts: [{ notifier: 'sms', address: '+1' }] }, ...people],
    });
    const said =
      'Kim Possible 7 deployed it for BOSS, says person-2999; a person of kim possible 3000 was asked by ana';
    const built = reviewOf(story().does(ben, { type: 'note.added', text: said }).timeline(), { config });
    expect(built.entries.at(-1)?.text).toBe(
      'Responder 2: somebody deployed it for somebody, says somebody; a person of kim possible 3000 was asked by responder 1',
    );
    expect(built.people.map(({ name }) => name)).toEqual(['responder 2']);
  });

  test('takes an id of digits for a person only where it is written as one', () => {
    const told = reviewOf(
      story().does(person('7'), { type: 'note.added', text: '7 disks: ask @7 or user 7' }).timeline(),
      { config: blameless },
    );
    expect(told.entries.at(-1)?.text).toBe('Responder 2: 7 disks: ask responder 2 or responder 2');
  });

  test('says of a name that two people have of neither that it was they', () => {
    const twins = reviewOf(
      story()
        .does(ben, { type: 'note.added', text: 'Kim did' })
        .does(person('kim2'), { type: 'note.added', text: '' })
        .timeline(),
      { config: blameless, nameOf: () => 'Kim' },
    );
    expect(twins.entries.at(-2)?.text).toBe('Responder 2: somebody did');
  });
});

test('a review that is not blameless uses names, or ids where there are none, and leaves texts as they are', () => {
  const texts = reviewOf(events).entries.map(({ text }) => text);
  expect(texts.slice(1, 4)).toEqual([
    'Paged Ana Díaz (step 1, round 1).',
    'Acknowledged by ben.',
    'ben made Ana Díaz commander.',
  ]);
  expect(texts).toContain('ben: Ana Díaz called ben at +15550100, not +15550199');
});
