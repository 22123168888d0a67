import { expect, test } from 'vitest';
import { foundIn, messageIn } from './found.ts';

test('without overwrite a title is never set, because every event has one', () => {
  const extraction = { set: 'title', from: 'details.summary' };
  expect(foundIn({ enrichment: [{ ...extraction, overwrite: false }] })).toEqual([
    'EXTRACTION_IDLE enrichment[0].overwrite',
  ]);
  expect(foundIn({ enrichment: [extraction, { set: 'body', from: 'details.text', overwrite: false }] })).toEqual([]);
});

test('the same extraction twice in a row does nothing the second time, unless it reads what it sets', () => {
  const once = { set: 'labels.env', from: 'details.stage' };
  expect(foundIn({ enrichment: [once, once] })).toEqual(['EXTRACTION_REPEATED enrichment[1]']);
  const shorter = { set: 'labels.host', from: 'labels.host', pattern: '^(?:x-)?(.*)$' };
  expect(foundIn({ enrichment: [shorter, shorter] })).toEqual([]);
  expect(foundIn({ enrichment: [once, { ...once, from: 'details.other' }, once] })).toEqual([]);
});

test('groups across services join no dependants', () => {
  const grouping = { id: 'g', by: ['title'], window: '5m', joinDependants: true };
  expect(foundIn({ grouping: [{ ...grouping, acrossServices: true }] })).toEqual([
    'GROUPING_JOIN_IDLE grouping[0].joinDependants',
  ]);
  expect(foundIn({ grouping: [grouping] })).toEqual([]);
});

test('an inhibition that says what another one says does nothing', () => {
  const rule = { source: 'a="1"', target: 'a="2"', equal: ['labels.x', 'labels.y'] };
  const inhibition = (other: object) => ({
    suppression: {
      inhibition: [
        { ...rule, id: 'one' },
        { ...rule, id: 'two', ...other },
      ],
    },
  });
  expect(foundIn(inhibition({ equal: ['labels.y', 'labels.x'] }))).toEqual([
    'INHIBITION_REPEATED suppression.inhibition[1]',
  ]);
  expect(messageIn(inhibition({}))).toBe('it mutes what one mutes already');
  expect(foundIn(inhibition({ equal: ['labels.x'] }))).toEqual([]);
  expect(foundIn(inhibition({ missingAgrees: true }))).toEqual([]);
});

const silence = (until: string) => ({
  suppression: {
    silences: [{ id: 's', when: 'a="1"', from: '2026-01-01T00:00:00Z', until, author: 'ana', comment: 'x' }],
  },
});

test('a silence that has ended can be taken out', () => {
  expect(foundIn(silence('2026-01-06T10:00:00Z'))).toEqual(['SILENCE_ENDED suppression.silences[0]']);
  expect(messageIn(silence('2026-01-06T09:00:00Z'))).toBe('silence s has ended at 2026-01-06T09:00:00.000Z');
  expect(foundIn(silence('2026-01-06T10:00:01Z'))).toEqual([]);
});

test('maintenance that has ended for good can be taken out', () => {
  const path = 'MAINTENANCE_ENDED suppression.maintenance[0]';
  const once = (until: string) => ({
    suppression: { maintenance: [{ id: 'm', services: ['checkout'], from: '2026-01-01T00:00:00Z', until }] },
  });
  expect(foundIn(once('2026-01-06T10:00:00Z'))).toEqual([path]);
  expect(foundIn(once('2026-01-06T10:00:01Z'))).toEqual([]);
  const again = (rrule: string) => ({
    suppression: {
      maintenance: [
        {
          id: 'm',
          services: ['checkout'],
          recurring: { timeZone: 'UTC', start: '2026-01-01T02:00:00', rrule, duration: '2h' },
        },
      ],
    },
  });
  expect(foundIn(again('FREQ=DAILY;COUNT=3'))).toEqual([path]);
  expect(messageIn(again('FREQ=DAILY;COUNT=3'))).toBe('maintenance m has ended for the last time');
  expect(foundIn(again('FREQ=DAILY;COUNT=30'))).toEqual([]);
  expect(foundIn(again('FREQ=DAILY'))).toEqual([]);
});

const heartbeat = (more: object) => ({ heartbeats: [{ id: 'backup', every: '1h', service: 'checkout', ...more }] });

test('a grace that is longer than the interval lets several pings go missing', () => {
  expect(foundIn(heartbeat({ grace: '2h' }))).toEqual(['HEARTBEAT_GRACE_LONG heartbeats[0].grace']);
  expect(messageIn(heartbeat({ grace: '2h' }))).toBe(
    'the grace 2h is longer than the interval 1h: heartbeat backup may miss 3 pings in a row before anybody is told',
  );
  expect(foundIn(heartbeat({ grace: '1h' }))).toEqual([]);
});

test('a time zone has an effect on whole days only', () => {
  expect(foundIn(heartbeat({ timeZone: 'Europe/Berlin' }))).toEqual(['HEARTBEAT_ZONE_IDLE heartbeats[0].timeZone']);
  expect(foundIn(heartbeat({ timeZone: 'Europe/Berlin', every: '36h' }))).toEqual([
    'HEARTBEAT_ZONE_IDLE heartbeats[0].timeZone',
  ]);
  expect(foundIn(heartbeat({ timeZone: 'Europe/Berlin', every: '2d' }))).toEqual([]);
});
