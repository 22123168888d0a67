import { describe, expect, test } from 'vitest';
import { checkConfig } from '../../../src/core/config/check.ts';
import { compileConfig } from '../../../src/core/config/compile.ts';
import type { ConfigInput } from '../../../src/model/config.ts';
import { problemsOf, smallest } from './smallest.ts';

const problemsIn = (status: ConfigInput['status']) => problemsOf({ status });
const paths = (status: ConfigInput['status']) => problemsIn(status).map(({ path }) => path);
const checkout = { id: 'checkout', name: 'Checkout', services: ['checkout'] };

describe('the status part of a configuration', () => {
  test('may be all there is to tell of pages, and is compiled with the rest', () => {
    const status: ConfigInput['status'] = {
      components: [{ ...checkout, group: 'shop', impact: { SEV2: 'degraded_performance' } }],
      groups: [{ id: 'shop', name: 'Shop' }],
      pages: [
        {
          id: 'main',
          name: 'Acme',
          components: ['checkout'],
          timeZone: 'Europe/Berlin',
          when: 'severity="SEV1"',
          locale: 'xx',
        },
      ],
      from: 'SEV3',
      impact: { SEV1: 'partial_outage' },
    };
    expect(problemsIn(status)).toEqual([]);
    const compiled = compileConfig(checkConfig({ ...smallest(), status }), 'v1');
    expect(compiled.status.impactsOf('checkout', 'SEV1')).toEqual({ checkout: 'partial_outage' });
    expect(compiled.status.pages.get('main')?.when?.test({ severity: 'SEV2' }, 0)).toBe(false);
  });

  test('every name must be that of something', () => {
    expect(problemsIn({ components: [{ ...checkout, group: 'nowhere' }] })).toEqual([
      {
        path: 'status.components[0].group',
        message: 'there is no component group nowhere',
        hint: 'Configure one first.',
      },
    ]);
    expect(problemsIn({ components: [{ ...checkout, services: ['checkout', 'chekout'] }] })).toEqual([
      { path: 'status.components[0].services[1]', message: 'there is no service chekout', hint: 'Known: checkout.' },
    ]);
    expect(problemsIn({ components: [checkout], pages: [{ id: 'p', name: 'P', components: ['chekout'] }] })).toEqual([
      { path: 'status.pages[0].components[0]', message: 'there is no component chekout', hint: 'Known: checkout.' },
    ]);
  });

  test('every severity must be a level', () => {
    expect(
      paths({
        components: [{ ...checkout, impact: { SEV9: 'major_outage' } }],
        from: 'SEV8',
        impact: { SEV7: 'operational' },
      }),
    ).toEqual(['status.components[0].impact.SEV9', 'status.from', 'status.impact.SEV7']);
  });

  test('no id is used twice', () => {
    const page = { id: 'p', name: 'P' };
    const group = { id: 'g', name: 'G' };
    expect(paths({ components: [checkout, checkout], groups: [group, group], pages: [page, page] })).toEqual([
      'status.components[1].id',
      'status.groups[1].id',
      'status.pages[1].id',
    ]);
  });

  test('the zone and the condition of a page must be usable', () => {
    expect(
      paths({
        pages: [
          { id: 'p', name: 'P', timeZone: 'Mars/Olympus', when: { field: 'severity', op: 'matches', value: '(' } },
        ],
      }),
    ).toEqual(['status.pages[0].timeZone', 'status.pages[0].when.value']);
  });

  test('an internal page that is open to everybody is refused', () => {
    expect(problemsIn({ pages: [{ id: 'p', name: 'P', audience: 'internal', access: 'open' }] })).toEqual([
      {
        path: 'status.pages[0].access',
        message: 'this page shows internal titles and updates, and would be open to everybody',
        hint: "Leave `access` out, or write `audience: 'public'`.",
      },
    ]);
    expect(paths({ pages: [{ id: 'p', name: 'P', access: 'authorized' }] })).toEqual([]);
  });
});
