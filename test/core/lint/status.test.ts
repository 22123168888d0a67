import { expect, test } from 'vitest';
import type { ConfigInput } from '../../../src/model/config.ts';
import { foundIn, messageIn } from './found.ts';

const checkout = { id: 'checkout', name: 'Checkout', services: ['checkout'] };
const page = { id: 'main', name: 'Acme' };
const found = (status: ConfigInput['status'], parts: Partial<ConfigInput> = {}) => foundIn({ status, ...parts });

test('nothing is said where there is no status page, or one that is as it should be', () => {
  expect(found({})).toEqual([]);
  expect(found({ components: [checkout], pages: [page] })).toEqual([]);
});

test('a component that no service feeds never changes by itself', () => {
  const status = { components: [checkout, { id: 'docs', name: 'Docs' }] };
  expect(found(status)).toEqual(['COMPONENT_UNFED status.components[1]']);
  expect(messageIn({ status })).toBe(
    'no service feeds the component docs: it changes only when somebody sets it by hand',
  );
});

test('a page without components shows nothing', () => {
  expect(found({ pages: [page] })).toEqual(['STATUS_PAGE_EMPTY status.pages[0]']);
  expect(
    found({
      components: [checkout],
      pages: [
        { ...page, components: [] },
        { id: 'b', name: 'B' },
      ],
    }),
  ).toEqual(['STATUS_PAGE_EMPTY status.pages[0]']);
});

test('a page that shows more days than are kept calls up what is forgotten', () => {
  const pages = [page, { id: 'long', name: 'Long', uptime: { days: 120 } }];
  expect(found({ components: [checkout], pages, keepFor: '100d' })).toEqual([
    'STATUS_HISTORY_SHORT status.pages[1].uptime.days',
  ]);
});

test('a service of tier 1 that no component shows is missing, where there is a page', () => {
  const service = (id: string, tier: number) => ({ id, tier, escalationPolicy: 'default' });
  const services = [service('checkout', 1), service('ledger', 1), service('batch', 2)];
  expect(found({ components: [checkout], pages: [page] }, { services })).toEqual(['SERVICE_NOT_ON_PAGE services[1]']);
  expect(found({ components: [checkout] }, { services })).toEqual([]);
});

test('the condition of a page is looked at like any other', () => {
  const on = (when: NonNullable<NonNullable<ConfigInput['status']>['pages']>[number]['when']) =>
    found({ components: [checkout], pages: [{ ...page, when }] });
  expect(on({ field: 'labels.env', op: 'equals', value: 'prod' })).toEqual([
    'FIELD_UNKNOWN status.pages[0].when.field',
  ]);
  expect(on({ field: 'severity', op: 'equals', value: 'SEV1' })).toEqual([]);
});
