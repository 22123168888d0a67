import { describe, expect, test } from 'vitest';
import { compiled, DAY, ended, HOUR, impacts, MINUTE, NOON, override, record, shown, told, works } from './build.ts';

const only = <T>(items: readonly T[]): T => {
  const [first, ...others] = items;
  if (first === undefined || others.length > 0) throw new Error(`there are ${items.length}`);
  return first;
};

describe('a page of which nothing is known', () => {
  test('has all components operational, in their order, and nothing to tell', () => {
    const picture = shown();
    expect(picture).toMatchObject({
      page: { id: 'public', name: 'Acme status', audience: 'public', access: 'open', locale: 'en', timeZone: 'UTC' },
      at: NOON,
      indicator: 'none',
      incidents: [],
      maintenance: [],
      past: [],
      pastMaintenance: [],
    });
    expect(picture.components.map(({ id, impact }) => [id, impact])).toEqual([
      ['checkout', 'operational'],
      ['search', 'operational'],
      ['docs', 'operational'],
    ]);
    expect(picture.components[0]).not.toHaveProperty('since');
  });

  test('changed last when its first day began, whatever the hour', () => {
    expect(shown().updatedAt).toBe(Date.UTC(2026, 8, 1));
    expect(shown({ at: NOON + HOUR }).updatedAt).toBe(Date.UTC(2026, 8, 1));
  });

  test('an internal page is only for those whom the host lets in', () => {
    expect(shown({ page: 'staff' }).page).toMatchObject({ audience: 'internal', access: 'authorized' });
  });
});

describe('what everybody may read', () => {
  test('an incident of which the public was told nothing colours its component and is not told of', () => {
    const picture = shown({ records: [record()] });
    expect(impacts(picture)).toEqual({ checkout: 'major_outage', search: 'operational', docs: 'operational' });
    expect(picture.components[0]?.since).toBe(NOON - HOUR);
    expect(picture.indicator).toBe('critical');
    expect(picture.incidents).toEqual([]);
  });

  test('with its first public update it is told of, under a title made of its components', () => {
    const silent = told(record(), NOON - 50 * MINUTE, { audience: 'internal', text: 'db-7 is full', title: 'db-7' });
    const picture = shown({ records: [told(silent, NOON - 30 * MINUTE)] });
    expect(only(picture.incidents)).toEqual({
      id: 'i1',
      title: 'Checkout: major outage',
      status: 'investigating',
      impact: 'major_outage',
      components: { checkout: 'major_outage' },
      startedAt: NOON - HOUR,
      updatedAt: NOON - 30 * MINUTE,
      updates: [
        {
          id: 'i1:3',
          status: 'investigating',
          text: 'We are looking into it.',
          at: NOON - 30 * MINUTE,
          audience: 'public',
        },
      ],
    });
    expect(picture.updatedAt).toBe(NOON - 30 * MINUTE);
  });

  test('its title is that of the latest public update with one', () => {
    const one = told(told(told(record(), NOON - 9, { title: 'Old' }), NOON - 8, { title: 'Payments fail' }), NOON - 7);
    expect(only(shown({ records: [one] }).incidents).title).toBe('Payments fail');
  });

  test('the title made of components is in the language of the page and names three of them', () => {
    const status = compiled({
      components: ['A', 'B', 'C', 'D', 'E'].map((name) => ({ id: name.toLowerCase(), name })),
      pages: [
        { id: 'de', name: 'Acme', locale: 'de-AT' },
        { id: 'en', name: 'Acme', locale: 'fr' },
      ],
    });
    const hit = Object.fromEntries(['a', 'b', 'c', 'd'].map((id) => [id, 'partial_outage' as const]));
    const spans = [{ at: NOON - HOUR, impacts: { ...hit, e: 'degraded_performance' as const } }];
    const title = (page: string, more = {}) =>
      only(shown({ status, page, records: [told(record({ spans, ...more }), NOON - MINUTE)] }).incidents).title;
    expect(title('de')).toBe('A, B, C und 1 weitere: teilweiser Ausfall');
    expect(title('en')).toBe('A, B, C and 1 more: partial outage');
    expect(title('de', { spans: [] })).toBe('Störung');
    expect(title('en', { spans: [] })).toBe('Incident');
  });

  test('a private incident shows nothing at all, on no page', () => {
    const records = [told(record({ visibility: 'private' }), NOON - MINUTE, { title: 'Secret' })];
    expect(shown({ records })).toEqual(shown());
    expect(shown({ records, page: 'staff' })).toEqual(shown({ page: 'staff' }));
  });

  test.each(['test', 'drill'] as const)('the record of a %s would show nothing either', (kind) => {
    expect(shown({ records: [told(record({ kind }), NOON - MINUTE)] })).toEqual(shown());
  });

  test('an incident that touches no component and is told of makes the page minor', () => {
    const picture = shown({ records: [told(record({ spans: [] }), NOON - MINUTE)] });
    expect(picture.indicator).toBe('minor');
    expect(only(picture.incidents)).toMatchObject({ impact: 'operational', components: {} });
  });
});

describe('an internal page', () => {
  test('has internal titles and both kinds of updates, also of what the public was never told', () => {
    const picture = shown({ page: 'staff', records: [told(record(), NOON - MINUTE, { audience: 'internal' })] });
    expect(only(picture.incidents)).toMatchObject({
      title: 'db-7 of ACME Corp is full',
      updates: [{ audience: 'internal' }],
    });
  });

  test('can be seen as the public sees it, and a public page never as the staff does', () => {
    const records = [told(record(), NOON - MINUTE, { audience: 'internal' })];
    const asPublic = shown({ page: 'staff', records, audience: 'public' });
    expect(asPublic.incidents).toEqual([]);
    expect(asPublic.page.audience).toBe('public');
    expect(shown({ records, audience: 'internal' })).toEqual(shown({ records }));
  });
});

describe('how far an incident is', () => {
  const at = (minutes: number) => NOON - minutes * MINUTE;
  const identified = record({
    phases: [
      { at: at(60), status: 'investigating' },
      { at: at(40), status: 'identified' },
    ],
  });
  const status = (one: Parameters<typeof told>[0]) => {
    const { incidents, past } = shown({ records: [one] });
    return only([...incidents, ...past]);
  };

  test('follows its phase, unless the latest update says something else', () => {
    expect(status(told(identified, at(30))).status).toBe('identified');
    expect(status(told(identified, at(30), { status: 'monitoring' }))).toMatchObject({
      status: 'monitoring',
      monitoringAt: at(30),
    });
    expect(status(told(told(identified, at(30), { status: 'monitoring' }), at(20)))).toMatchObject({
      status: 'identified',
    });
  });

  test('an internal update says nothing to the public', () => {
    const one = told(told(identified, at(30)), at(20), { status: 'resolved', audience: 'internal' });
    expect(status(one).status).toBe('identified');
  });

  test('an end is an end, whatever was said before', () => {
    const one = ended(told(identified, at(30), { status: 'monitoring' }), at(10));
    expect(status(one)).toMatchObject({
      status: 'resolved',
      monitoringAt: at(30),
      resolvedAt: at(10),
      updatedAt: at(10),
    });
  });

  test('what an update calls resolved is over for the public, until the incident is reopened', () => {
    const one = told(identified, at(30), { status: 'resolved' });
    expect(only(shown({ records: [one] }).past)).toMatchObject({ status: 'resolved', resolvedAt: at(30) });
    const over = ended(one, at(20));
    expect(only(shown({ records: [over] }).past).resolvedAt).toBe(at(30));
    const { endedAt: _, ...open } = over;
    const back = {
      ...open,
      outcome: 'open' as const,
      phases: [...over.phases, { at: at(10), status: 'investigating' as const }],
    };
    expect(only(shown({ records: [back] }).incidents).status).toBe('investigating');
  });

  test('a correction of its end moves it', () => {
    const over = { ...ended(told(identified, at(30)), at(10)), endedAt: at(20), impactStartedAt: at(90) };
    expect(status(over)).toMatchObject({ startedAt: at(90), resolvedAt: at(20) });
  });
});

describe('what has ended', () => {
  test('is told of for the days of the page, at least 90, the newest first', () => {
    const over = (id: string, days: number) =>
      ended(
        told(record({ incidentId: id, openedAt: NOON - days * DAY - HOUR }), NOON - days * DAY - MINUTE),
        NOON - days * DAY,
      );
    const records = [over('b', 89), over('a', 2), over('c', 91)];
    expect(shown({ records }).past.map(({ id }) => id)).toEqual(['a', 'b']);
    const longer = compiled({ pages: [{ id: 'public', name: 'P', uptime: { days: 120 } }] });
    expect(shown({ records, status: longer }).past.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  });

  test('has at its worst touched more than it did at its end', () => {
    const spans = [
      { at: NOON - 60 * MINUTE, impacts: { checkout: 'major_outage' as const } },
      { at: NOON - 40 * MINUTE, impacts: { search: 'degraded_performance' as const } },
    ];
    const one = told(record({ spans }), NOON - 30 * MINUTE);
    expect(only(shown({ records: [one] }).incidents)).toMatchObject({
      impact: 'degraded_performance',
      components: { search: 'degraded_performance' },
    });
    expect(only(shown({ records: [ended(one, NOON - MINUTE)] }).past).components).toEqual({
      checkout: 'major_outage',
      search: 'degraded_performance',
    });
  });

  test('a dismissed incident did nothing; the public is told of it only if it was before', () => {
    const silent = ended(record(), NOON - MINUTE, 'dismissed');
    expect(shown({ records: [silent] })).toEqual(shown());
    expect(shown({ records: [silent], page: 'staff' }).past).toEqual([]);
    const picture = shown({ records: [ended(told(record(), NOON - 2 * MINUTE), NOON - MINUTE, 'dismissed')] });
    expect(only(picture.past)).toMatchObject({
      status: 'resolved',
      impact: 'operational',
      components: {},
      title: 'Incident',
    });
    expect(picture.components.map(({ uptime }) => uptime?.ratio)).toEqual([1, 1, 1]);
  });

  test('a merged incident is told of only if it was before, and counts until then', () => {
    const silent = ended(record(), NOON - MINUTE, 'merged');
    expect(shown({ records: [silent], page: 'staff' }).past).toEqual([]);
    expect(shown({ records: [silent] }).components[0]?.uptime?.days.at(-1)?.minutes).toEqual({ major_outage: 59 });
    expect(only(shown({ records: [ended(told(record(), NOON - 2 * MINUTE), NOON - MINUTE, 'merged')] }).past).id).toBe(
      'i1',
    );
  });
});

describe('which page is for what', () => {
  const status = compiled({
    groups: [
      { id: 'g1', name: 'One' },
      { id: 'g2', name: 'Two' },
    ],
    components: [
      {
        id: 'checkout',
        name: 'Checkout',
        services: ['checkout'],
        group: 'g2',
        description: 'Paying',
        showUptime: false,
      },
      { id: 'search', name: 'Search', services: ['search'], group: 'g1' },
    ],
    pages: [
      { id: 'some', name: 'Some', components: ['checkout'], description: 'D', url: 'https://status.acme.example/' },
      { id: 'all', name: 'All' },
      { id: 'severe', name: 'Severe', when: { field: 'severity', op: 'equals', value: 'SEV1' } },
    ],
  });

  test('a page of some components has only these and their groups', () => {
    const picture = shown({ status, page: 'some' });
    expect(picture.components).toEqual([
      { id: 'checkout', name: 'Checkout', description: 'Paying', group: 'g2', impact: 'operational' },
    ]);
    expect(picture.groups).toEqual([{ id: 'g2', name: 'Two' }]);
    expect(picture.page).toMatchObject({ description: 'D', url: 'https://status.acme.example/' });
  });

  test('it tells only of what touched one of them; a page of all also of what touches none', () => {
    const on = (id: string, spans: Parameters<typeof record>[0]) =>
      told(record({ incidentId: id, ...spans }), NOON - MINUTE);
    const records = [
      on('own', {}),
      on('other', { spans: [{ at: NOON - HOUR, impacts: { search: 'major_outage' } }] }),
      on('none', { spans: [] }),
      on('gone', { spans: [{ at: NOON - HOUR, impacts: { gone: 'major_outage' } }] }),
    ];
    const maintenance = [works(), works({ id: 'm2', components: ['search'] }), works({ id: 'm3', components: [] })];
    const some = shown({ status, page: 'some', records, maintenance });
    expect(some.incidents.map(({ id }) => id)).toEqual(['own']);
    expect(some.maintenance.map(({ id }) => id)).toEqual(['m1']);
    const all = shown({ status, page: 'all', records, maintenance });
    expect(all.incidents.map(({ id }) => id)).toEqual(['own', 'other', 'none', 'gone']);
    expect(all.maintenance.map(({ id }) => id)).toEqual(['m1', 'm2', 'm3']);
  });

  test('a page with a condition is coloured only by incidents like these', () => {
    const records = [told(record({ severity: 'SEV2' }), NOON - MINUTE)];
    expect(impacts(shown({ status, page: 'severe', records })).checkout).toBe('operational');
    expect(shown({ status, page: 'severe', records }).incidents).toEqual([]);
    expect(shown({ status, page: 'all', records }).incidents).toHaveLength(1);
  });
});

describe('what people set by hand', () => {
  test('goes before incidents and maintenance for as long as it lasts', () => {
    const overrides = [override({ until: NOON + 1 })];
    const parts = { records: [record()], maintenance: [works()], overrides };
    expect(shown(parts).components[0]).toMatchObject({ impact: 'degraded_performance', since: NOON - HOUR });
    expect(shown({ ...parts, at: NOON + 1 }).components[0]).toMatchObject({ impact: 'major_outage', since: NOON + 1 });
  });

  test('of several the one that began last counts, and of those the last of the list', () => {
    const overrides = [
      override({ id: 'o3', from: NOON - 9, impact: 'operational' }),
      override({ id: 'o2', from: NOON - 9, impact: 'partial_outage' }),
      override({ id: 'o1', from: NOON - 99, impact: 'major_outage' }),
      override({ id: 'o4', from: NOON - 5, until: NOON - 3, impact: 'major_outage' }),
      override({ id: 'o5', from: NOON + 1, impact: 'major_outage' }),
    ];
    expect(impacts(shown({ overrides })).checkout).toBe('partial_outage');
    expect(shown({ overrides }).indicator).toBe('major');
  });
});

describe('maintenance', () => {
  test('is to come, under way and over by its window, and its components are under maintenance', () => {
    const seen = (at: number) => {
      const picture = shown({ maintenance: [works()], at });
      return [
        only([...picture.maintenance, ...picture.pastMaintenance]).status,
        impacts(picture).checkout,
        picture.indicator,
      ];
    };
    expect(seen(NOON - 2 * HOUR)).toEqual(['scheduled', 'operational', 'none']);
    expect(seen(NOON - HOUR)).toEqual(['in_progress', 'under_maintenance', 'maintenance']);
    expect(seen(NOON + HOUR)).toEqual(['completed', 'operational', 'none']);
  });

  test('an incident that is worse shows', () => {
    const spans = [{ at: NOON - MINUTE, impacts: { checkout: 'degraded_performance' as const } }];
    const picture = shown({ maintenance: [works()], records: [record({ spans })] });
    expect(impacts(picture).checkout).toBe('degraded_performance');
    expect(picture.indicator).toBe('minor');
  });

  test('is verified when an update says so, and over as soon as one says so', () => {
    const update = { id: 'u1', text: 'Looks good.', audience: 'public' as const };
    const verifying = works({ updates: [{ ...update, at: NOON - MINUTE, status: 'verifying' }] });
    expect(only(shown({ maintenance: [verifying] }).maintenance)).toMatchObject({
      status: 'verifying',
      updatedAt: NOON - MINUTE,
    });
    const done = works({ updates: [{ ...update, at: NOON - MINUTE, status: 'completed' }] });
    const picture = shown({ maintenance: [done] });
    expect(only(picture.pastMaintenance)).toMatchObject({ status: 'completed', endsAt: NOON - MINUTE });
    expect(impacts(picture).checkout).toBe('operational');
  });

  test('its internal updates are for internal pages', () => {
    const updates = [
      { id: 'u1', at: NOON - 9, status: 'in_progress' as const, text: 'Public.', audience: 'public' as const },
      { id: 'u2', at: NOON - 8, status: 'in_progress' as const, text: 'db-7 next.', audience: 'internal' as const },
    ];
    const ids = (page: string) =>
      only(shown({ page, maintenance: [works({ updates })] }).maintenance).updates.map(({ id }) => id);
    expect(ids('public')).toEqual(['u1']);
    expect(ids('staff')).toEqual(['u2', 'u1']);
  });

  test('what is cancelled before it begins, is reversed, or is not announced yet is not there', () => {
    const maintenance = [
      works({ cancelledAt: NOON - 2 * HOUR }),
      works({ from: NOON + HOUR, until: NOON - HOUR }),
      works({ from: NOON, until: NOON }),
      works({ createdAt: NOON + 1 }),
      works({ from: Number.NaN }),
    ];
    expect(shown({ maintenance })).toEqual(shown());
  });

  test('what is cancelled while it is under way is over', () => {
    expect(only(shown({ maintenance: [works({ cancelledAt: NOON - MINUTE })] }).pastMaintenance).endsAt).toBe(
      NOON - MINUTE,
    );
  });

  test('the next comes first, and what is over the last first', () => {
    const at = (id: string, days: number) =>
      works({ id, from: NOON + days * DAY, until: NOON + days * DAY + 1, createdAt: 0 });
    const picture = shown({ maintenance: [at('b', 2), at('a', 1), at('y', -2), at('x', -1), at('z', -91)] });
    expect(picture.maintenance.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(picture.pastMaintenance.map(({ id }) => id)).toEqual(['x', 'y']);
  });
});

describe('a picture of an earlier moment', () => {
  test('has nothing of what came later', () => {
    const later = ended(told(told(record(), NOON - 30 * MINUTE), NOON - MINUTE, { title: 'Over' }), NOON - MINUTE);
    expect(shown({ records: [later], at: NOON - HOUR - 1 })).toEqual(shown({ at: NOON - HOUR - 1 }));
    expect(shown({ records: [later], at: NOON - 40 * MINUTE })).toMatchObject({ indicator: 'critical', incidents: [] });
    const then = shown({ records: [later], at: NOON - 20 * MINUTE });
    expect(only(then.incidents)).toMatchObject({ title: 'Checkout: major outage', status: 'investigating' });
    expect(then.updatedAt).toBe(NOON - 30 * MINUTE);
  });
});
