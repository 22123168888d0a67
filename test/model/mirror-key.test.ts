/**
 * The keys of mirrors: what is made of an incident is read back as that incident.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { incidentOfMirrorKey, isMirrorKey, mirrorKey, shortMirrorKey } from '../../src/model/mirror-key.ts';
import { messageWith } from '../notifiers/message.ts';

const id = fc.stringMatching(/^[A-Za-z0-9._:@/+-]{1,40}$/);

test('a key names its incident to its tenant, and to no other of another name', () => {
  fc.assert(
    fc.property(id, id, (tenant, incidentId) => {
      const key = mirrorKey(messageWith({ tenant, incidentId }));
      expect(key).toBe(`tocsin:${tenant}:${incidentId}`);
      expect(isMirrorKey(key)).toBe(true);
      expect(incidentOfMirrorKey(key, tenant)).toBe(incidentId);
      expect(incidentOfMirrorKey(key, `${tenant}x`)).not.toBe(incidentId);
    }),
  );
});

test('what is about no incident is known by its delivery', () => {
  expect(mirrorKey(messageWith({ incidentId: undefined, deliveryId: 'd1' }))).toBe('tocsin:default:d1');
});

test('a shortened key is ours and names nothing', () => {
  expect(isMirrorKey(shortMirrorKey('0a1b'))).toBe(true);
  expect(incidentOfMirrorKey(shortMirrorKey('0a1b'), 'default')).toBeUndefined();
});

test.each(['', 'PGR0VU2', 'Tocsin:default:i1', ' tocsin:default:i1'])('%j is what a platform calls it', (name) => {
  expect(isMirrorKey(name)).toBe(false);
  expect(incidentOfMirrorKey(name, 'default')).toBeUndefined();
});
