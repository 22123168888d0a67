/**
 * Inhibition and routing beside Prometheus Alertmanager: where we do the same, and where we do not and why.
 *
 * The cases restate what its documentation says of `inhibit_rules` and of the routing tree.
 */
import { describe, expect, test } from 'vitest';
import { checkConfig } from '../../../src/core/config/check.ts';
import { compileConfig } from '../../../src/core/config/compile.ts';
import { cleanEvent } from '../../../src/core/intake/clean-event.ts';
import { decideIntake } from '../../../src/core/intake/decide.ts';
import { INHIBITORS, readInhibitors } from '../../../src/core/intake/inhibit.ts';
import { NOTES, noteId } from '../../../src/core/intake/note.ts';
import { routeEvent } from '../../../src/core/intake/routed.ts';
import type { StoredAlert } from '../../../src/model/alert.ts';
import type { ConfigInput } from '../../../src/model/config.ts';

const compile = (parts: Partial<ConfigInput>) =>
  compileConfig(
    checkConfig({
      users: [{ id: 'ana', contacts: [{ notifier: 'sms', address: '+1' }] }],
      escalationPolicies: [{ id: 'p', steps: [{ targets: [{ user: 'ana' }] }], fallback: [{ user: 'ana' }] }],
      services: ['rest', 'db', 'web'].map((id) => ({ id, escalationPolicy: 'p' })),
      ...parts,
    }),
    'c',
  );

type Labels = Readonly<Record<string, string>>;
const eventOf = (labels: Labels) =>
  cleanEvent({ action: 'trigger', dedupKey: JSON.stringify(labels), title: 't', labels: { ...labels } });

/** Whether `target` is muted while `sources` fire, in the order in which they came. */
function isMuted(rule: object, sources: readonly Labels[], target: Labels): boolean {
  const config = compile({ suppression: { inhibition: [{ id: 'i', ...rule } as never] } });
  const documents = new Map<string, unknown>();
  const alerts = new Map<string, StoredAlert>();
  const stored = {
    alert: ({ dedupKey }: { readonly dedupKey: string }) => alerts.get(dedupKey),
    incident: () => undefined,
    document: (collection: string, id: string) => documents.get(`${collection} ${id}`),
    slot: () => undefined,
  };
  const decide = (labels: Labels) => {
    const event = eventOf(labels);
    const moment = { at: 0, tenant: 't', newIncidentId: 'i', newAlertId: `a ${event.dedupKey}` };
    return decideIntake(routeEvent(event, config, 0), stored, config, moment);
  };
  for (const labels of sources) {
    const { alerts: changes, writes } = decide(labels);
    for (const change of changes) if (change.type === 'open') alerts.set(change.alert.dedupKey, change.alert);
    for (const { collection, id, data } of writes.documents) documents.set(`${collection} ${id}`, data);
    for (const { key, note } of writes.notes) documents.set(`${NOTES} ${noteId(key)}`, note);
  }
  return decide(target).quieting?.kind === 'inhibition';
}

const RULE = { source: 'severity="critical"', target: 'severity="warning"', equal: ['labels.cluster'] };

describe('inhibition does what Alertmanager does', () => {
  test.each<[string, object, readonly Labels[], Labels, boolean]>([
    [
      'a target is muted while a source with equal labels fires',
      RULE,
      [{ severity: 'critical', cluster: 'a' }],
      { severity: 'warning', cluster: 'a' },
      true,
    ],
    [
      'a source with another value mutes nothing',
      RULE,
      [{ severity: 'critical', cluster: 'b' }],
      { severity: 'warning', cluster: 'a' },
      false,
    ],
    ['nothing fires', RULE, [], { severity: 'warning', cluster: 'a' }, false],
    [
      'what matches neither side is left alone',
      RULE,
      [{ severity: 'critical', cluster: 'a' }],
      { severity: 'info', cluster: 'a' },
      false,
    ],
    [
      'one of several sources is enough',
      RULE,
      [
        { severity: 'critical', cluster: 'b' },
        { severity: 'critical', cluster: 'a', n: '2' },
      ],
      { severity: 'warning', cluster: 'a' },
      true,
    ],
    [
      'without `equal` any source mutes any target',
      { ...RULE, equal: [] },
      [{ severity: 'critical' }],
      { severity: 'warning' },
      true,
    ],
    [
      'all labels of `equal` have to agree',
      { ...RULE, equal: ['labels.cluster', 'labels.zone'] },
      [{ severity: 'critical', cluster: 'a', zone: '1' }],
      { severity: 'warning', cluster: 'a', zone: '2' },
      false,
    ],
    [
      'an alert that matches both sides does not mute itself',
      { source: 'job="x"', target: 'job="x"' },
      [],
      { job: 'x' },
      false,
    ],
    [
      'two alerts that match both sides do not mute each other',
      { source: 'job="x"', target: 'job="x"' },
      [{ job: 'x', n: '1' }],
      { job: 'x', n: '2' },
      false,
    ],
    [
      'one that matches the source side only mutes one that matches both',
      { source: 'job="x"', target: 'n=~"1|2"' },
      [{ job: 'x', n: '3' }],
      { job: 'x', n: '2' },
      true,
    ],
  ])('%s', (_, rule, sources, target, muted) => {
    expect(isMuted(rule, sources, target)).toBe(muted);
  });
});

describe('inhibition differs from Alertmanager', () => {
  const bothMissing: [readonly Labels[], Labels] = [[{ severity: 'critical' }], { severity: 'warning' }];

  test('labels that both lack do not agree: what nobody has set says nothing', () => {
    expect(isMuted(RULE, ...bothMissing)).toBe(false);
  });

  test('unless it is asked for: then missing and empty are the same, as there', () => {
    expect(isMuted({ ...RULE, missingAgrees: true }, ...bothMissing)).toBe(true);
    expect(
      isMuted({ ...RULE, missingAgrees: true }, [{ severity: 'critical', cluster: '' }], { severity: 'warning' }),
    ).toBe(true);
  });

  test('of many sources the latest two hundred are remembered: what is not, pages', () => {
    let known: unknown = [];
    const config = compile({ suppression: { inhibition: [{ id: 'i', ...RULE }] } });
    for (let n = 0; n < 250; n++) {
      const routed = routeEvent(eventOf({ severity: 'critical', cluster: 'a', n: String(n) }), config, 0);
      const { writes } = decideIntake(
        routed,
        { alert: () => undefined, incident: () => undefined, document: () => known, slot: () => undefined },
        config,
        { at: 0, tenant: 't', newIncidentId: 'i', newAlertId: 'a' },
      );
      known = writes.documents.find(({ collection }) => collection === INHIBITORS)?.data ?? known;
    }
    expect(readInhibitors(known)).toHaveLength(200);
    expect(readInhibitors(known).at(-1)?.dedupKey).toContain('"249"');
  });
});

describe('routing', () => {
  const routes = [
    { id: 'dbs', when: 'service=~"mysql|cassandra"', service: 'db' },
    { id: 'front', when: 'team="frontend"', service: 'web' },
  ];
  const routed = (labels: Labels) => routeEvent(eventOf(labels), compile({ routes }), 0).route;

  test.each<[string, Labels, string, string]>([
    ['the first that matches takes it, as without `continue`', { service: 'mysql', team: 'frontend' }, 'dbs', 'db'],
    ['a later one takes what the earlier ones leave', { service: 'app', team: 'frontend' }, 'front', 'web'],
    ['the root takes the rest', { service: 'app', team: 'back' }, 'catch-all', 'rest'],
    ['a missing label is the empty text', {}, 'catch-all', 'rest'],
  ])('%s', (_, labels, route, service) => {
    expect([routed(labels).routeId, routed(labels).service.id]).toEqual([route, service]);
  });

  test('differs: there is one list and no tree, and a route may look at the time', () => {
    const night = { op: 'during', value: { timeZone: 'UTC', from: '22:00', until: '06:00' } } as const;
    const config = compile({
      routes: [
        { id: 'night', when: night, service: 'web' },
        { id: 'day', service: 'db' },
      ],
    });
    const at = (hour: number) => routeEvent(eventOf({}), config, Date.UTC(2026, 0, 6, hour)).route.routeId;
    expect([at(23), at(5), at(6), at(12)]).toEqual(['night', 'night', 'day', 'day']);
  });
});
