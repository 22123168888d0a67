import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { circlesOf } from '../../../src/core/lint/circles.ts';
import { smallest } from '../config/smallest.ts';
import { foundIn, messageIn } from './found.ts';

const service = (id: string, more: object = {}) => ({ id, escalationPolicy: 'default', ...more });
const teams = [{ id: 'payments', members: ['ana'] }];

test('where there are teams, a service without one is owned by nobody', () => {
  expect(foundIn({ teams, services: [service('a', { team: 'payments' }), service('b')] })).toEqual([
    'SERVICE_WITHOUT_TEAM services[1]',
  ]);
  expect(foundIn({ services: [service('a'), service('b')] })).toEqual([]);
});

test('a service to which no route leads is reached by name only', () => {
  const services = [service('first'), service('routed'), service('beaten'), service('lonely')];
  const routes = [{ when: 'app="x"', service: 'routed' }];
  const heartbeats = [{ id: 'h', every: '1h', service: 'beaten' }];
  expect(foundIn({ services, routes, heartbeats })).toEqual(['SERVICE_UNROUTED services[3]']);
  expect(messageIn({ services, routes, heartbeats })).toBe(
    'no route leads to the service lonely: only events that name it themselves, and people, reach it',
  );
});

test('nothing is said of routes where there are none, or where names lead to services', () => {
  const services = [service('first'), service('second')];
  expect(foundIn({ services })).toEqual([]);
  expect(foundIn({ services, routes: [{ service: 'first', serviceFrom: 'labels.app' }] })).toEqual([]);
  const enrichment = [{ set: 'service', from: 'labels.app' }];
  expect(foundIn({ services, enrichment, routes: [{ service: 'first' }] })).toEqual([]);
});

test('services that depend on each other in a circle are found, each circle once', () => {
  const services = [
    service('web', { dependsOn: ['api', 'cache'] }),
    service('api', { dependsOn: ['db'] }),
    service('db', { dependsOn: ['api'] }),
    service('cache'),
    service('own', { dependsOn: ['own'] }),
  ];
  expect(foundIn({ services })).toEqual([
    'DEPENDENCY_CIRCLE services[1].dependsOn',
    'DEPENDENCY_CIRCLE services[4].dependsOn',
  ]);
  expect(messageIn({ services: services.slice(0, 4) })).toContain('api, db');
  expect(messageIn({ services: services.slice(3) })).toBe('the service own is said to depend on itself');
});

test('a chain of fifty thousand services is walked', () => {
  const chain = Array.from({ length: 50_000 }, (_, n) => (n === 0 ? [] : [n - 1]));
  expect(circlesOf(chain)).toEqual([]);
  expect(circlesOf([[49_999], ...chain.slice(1)])).toHaveLength(1);
});

test('the circles of a graph are the points that reach each other', () => {
  const edges = fc.array(fc.tuple(fc.nat(6), fc.nat(6)), { maxLength: 15 });
  fc.assert(
    fc.property(edges, (pairs) => {
      const next = Array.from({ length: 7 }, (_, from) =>
        pairs.filter(([start]) => start === from).map(([, to]) => to),
      );
      const reaches = (from: number, to: number) => {
        const seen = new Set<number>(next[from]);
        for (const point of seen) for (const other of next[point] ?? []) seen.add(other);
        return seen.has(to);
      };
      const all = next.map((_, point) =>
        next.flatMap((__, other) => (reaches(point, other) && reaches(other, point) ? other : [])),
      );
      const expected = [
        ...new Set(all.filter((members) => members.length > 0).map((members) => JSON.stringify(members))),
      ];
      expect(
        circlesOf(next)
          .map((members) => JSON.stringify(members))
          .sort(),
      ).toEqual(expected.sort());
    }),
  );
});

test('a team without anybody is found', () => {
  const owned = { services: [service('a', { team: 'ghosts' })] };
  expect(foundIn({ ...owned, teams: [{ id: 'ghosts' }] })).toEqual(['TEAM_EMPTY teams[0]']);
  expect(foundIn({ ...owned, teams: [{ id: 'ghosts', schedule: 'primary' }] })).toEqual([]);
  expect(foundIn({ ...owned, teams: [{ id: 'ghosts', members: ['ben'] }] })).toEqual([]);
});

test('a user whom nothing names is found', () => {
  const { users = [], schedules = [] } = smallest();
  const more = [...users, { id: 'zoe' }];
  expect(foundIn({ users: more })).toEqual(['USER_UNNAMED users[2]']);
  expect(
    foundIn({ users: more, teams: [{ id: 't', members: ['zoe'] }], services: [service('a', { team: 't' })] }),
  ).toEqual([]);
  const [primary] = schedules;
  if (primary === undefined) throw new Error('no schedule');
  const add = {
    id: 'o',
    kind: 'add',
    user: 'zoe',
    from: '2025-01-01T00:00:00Z',
    until: '2025-01-02T00:00:00Z',
  } as const;
  expect(foundIn({ users: more, schedules: [{ ...primary, overrides: [add] }] })).toEqual([]);
});
