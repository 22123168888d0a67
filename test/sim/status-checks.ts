/**
 * What status pages keep: after every commit it is what the timeline says.
 */
import { checkConfig } from '../../src/core/config/check.ts';
import { compileStatus } from '../../src/core/status/compile.ts';
import { type StatusChange, statusRecordAfter } from '../../src/core/status/record.ts';
import type { DocumentKey } from '../../src/index.ts';
import { sorted } from './rows.ts';
import { STATUS_PAGE } from './tenants.ts';

const status = compileStatus(
  checkConfig({
    status: STATUS_PAGE,
    users: [{ id: 'ana', contacts: [{ notifier: 'sms', address: 'ana' }] }],
    escalationPolicies: [{ id: 'default', steps: [{ targets: [{ user: 'ana' }] }], fallback: [{ user: 'ana' }] }],
    services: [{ id: 'checkout', escalationPolicy: 'default' }],
  }),
);

/** Names what is stored of an incident for status pages. */
export const recordKey = (id: string): DocumentKey => ({ collection: 'status', id });

/** Why what is stored for status pages is not what the timeline says; `undefined` when it is. */
export function wrongRecord(stored: unknown, timeline: StatusChange): string | undefined {
  const expected = statusRecordAfter(undefined, timeline, status);
  const [found, told] = [stored, expected].map((record) => JSON.stringify(sorted(record)));
  return found === told ? undefined : `its record for status pages is ${found}, and should be ${told}`;
}
