/**
 * The people of a moment, read as a map, with what they have added and whoever only the directory knows.
 */
import { describe, expect, test } from 'vitest';
import { closedLookup, openLookup, peopleMap } from '../../src/engine/people-map.ts';
import { userSchema } from '../../src/model/user.ts';

const person = (id: string) => userSchema.parse({ id, contacts: [{ notifier: 'sms', address: id }] });
const users = new Map(['ana', 'ben'].map((id) => [id, person(id)]));
const added = new Map([
  ['ana', [{ id: 'mine', notifier: 'voice', address: '+1' }]],
  ['zoe', [{ id: 'mine', notifier: 'voice', address: '+2' }]],
]);
const contactsOf = (user: ReturnType<typeof person> | undefined) =>
  user?.contacts.map(({ id, address }) => [id, address]);

describe('the people with what they have added', () => {
  test('are the very same when nobody has added anything', () => {
    expect(peopleMap(users, new Map())).toBe(users);
  });

  test('have it after their own, whichever way they are read; whoever is gone stays gone', () => {
    const map = peopleMap(users, added);
    const ana = [
      ['sms', 'ana'],
      ['mine', '+1'],
    ];
    expect(contactsOf(map.get('ana'))).toEqual(ana);
    expect(contactsOf(map.get('ben'))).toEqual([[undefined, 'ben']]);
    expect([map.get('zoe'), map.has('zoe'), map.has('ana'), map.size]).toEqual([undefined, false, true, 2]);
    expect([...map.keys()]).toEqual(['ana', 'ben']);
    expect(contactsOf([...map.values()][0])).toEqual(ana);
    expect(contactsOf([...map.entries()][0]?.[1])).toEqual(ana);
    expect(contactsOf([...map][0]?.[1])).toEqual(ana);
    const seen: string[] = [];
    map.forEach((user, id) => {
      seen.push(`${id} ${user.contacts.length}`);
    });
    expect(seen).toEqual(['ana 2', 'ben 1']);
  });

  test('keep the names of the configuration: one that was added under the same name does not count', () => {
    const same = new Map([['ana', [{ id: 'sms', notifier: 'voice', address: '+1' }]]]);
    expect(contactsOf(peopleMap(users, same).get('ana'))).toEqual([['sms', 'ana']]);
  });
});

describe('a lookup', () => {
  const eve = person('eve');
  const directory = {
    known: (id: string) => (id === 'eve' ? eve : undefined),
    isUnknown: (id: string) => id === 'new',
  };

  test('finds those of the configuration first, then those of the directory, and notes of whom nothing is known', () => {
    const { users: people, missing, known } = openLookup(users, directory);
    expect(people.get('ana')).toBe(users.get('ana'));
    expect(people.get('eve')).toBe(eve);
    expect([people.has('eve'), people.has('gone'), people.get('gone')]).toEqual([true, false, undefined]);
    expect(missing()).toEqual([]);
    expect([people.has('new'), people.get('new')]).toEqual([false, undefined]);
    expect(missing()).toEqual(['new']);
    expect([known.get('eve'), known.get('newer')]).toEqual([eve, undefined]);
    expect(missing()).toEqual(['new']);
    expect([...people.keys(), ...people.entries(), ...people.values(), ...people]).toHaveLength(8);
  });

  test('without a directory lacks nobody', () => {
    const { users: people, missing, known } = closedLookup(users);
    expect([people, known, missing()]).toEqual([users, users, []]);
  });
});
