/**
 * Laws of the Alertmanager source: whatever arrives is either read or refused in one way.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isTocsinError } from '../../src/errors.ts';
import { alertEventSchema } from '../../src/model/alert.ts';
import { alertmanagerSource } from '../../src/sources/alertmanager.ts';

const source = alertmanagerSource();
const json = fc.jsonValue({ maxDepth: 4 });
const map = fc.oneof(fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('summary', 'severity')), json), json);
const almostAlert = fc.record(
  { status: json, labels: map, annotations: map, startsAt: json, endsAt: json, generatorURL: json, fingerprint: json },
  { requiredKeys: [] },
);

test('arbitrary text and JSON is read, or refused as PAYLOAD_INVALID', () => {
  const anything = fc.oneof(json, fc.json(), fc.string(), fc.uint8Array(), fc.record({ version: json, alerts: json }));
  fc.assert(
    fc.property(anything, (body) => {
      try {
        expect(Array.isArray(source.parse(body))).toBe(true);
      } catch (error) {
        if (!isTocsinError(error, 'PAYLOAD_INVALID')) throw error;
      }
    }),
    { numRuns: 500 },
  );
});

test('every alert of a group becomes exactly one valid event, whatever is in it', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(almostAlert, json), { maxLength: 6 }), json, (alerts, groupKey) => {
      const events = source.parse({ version: '4', groupKey, alerts });
      expect(events).toHaveLength(alerts.length);
      for (const event of events) expect(alertEventSchema.safeParse(event).error).toBeUndefined();
    }),
    { numRuns: 500 },
  );
});

test('an alert resolves under the key under which it fired', () => {
  const labels = fc.dictionary(fc.string({ minLength: 1 }), fc.string(), { minKeys: 1 });
  fc.assert(
    fc.property(labels, fc.option(fc.string(), { nil: undefined }), (names, fingerprint) => {
      const key = (status: string) =>
        source.parse({ version: '4', alerts: [{ status, labels: names, fingerprint }] })[0]!.dedupKey;
      expect(key('resolved')).toBe(key('firing'));
    }),
  );
});
