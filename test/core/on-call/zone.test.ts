import { DateTime } from 'luxon';
import { expect, test } from 'vitest';
import { parseWall } from '../../../src/core/on-call/wall-clock.ts';
import { isTimeZone, zoneOf } from '../../../src/core/on-call/zone.ts';

const instant = (timeZone: string, local: string) =>
  new Date(zoneOf(timeZone).toInstant(parseWall(local) ?? Number.NaN)).toISOString();
const wall = (timeZone: string, at: string) => new Date(zoneOf(timeZone).toWall(Date.parse(at))).toISOString();

test.each([
  ['an ordinary time', 'America/New_York', '2026-01-05T09:00:00', '2026-01-05T14:00:00.000Z'],
  ['the second before a gap', 'America/New_York', '2026-03-08T01:59:59', '2026-03-08T06:59:59.000Z'],
  ['the first moment of a gap', 'America/New_York', '2026-03-08T02:00:00', '2026-03-08T07:00:00.000Z'],
  ['the middle of a gap', 'America/New_York', '2026-03-08T02:30:00', '2026-03-08T07:30:00.000Z'],
  ['the moment after a gap', 'America/New_York', '2026-03-08T03:00:00', '2026-03-08T07:00:00.000Z'],
  ['an hour that comes twice', 'America/New_York', '2026-11-01T01:30:00', '2026-11-01T05:30:00.000Z'],
  ['the moment after an hour that came twice', 'America/New_York', '2026-11-01T02:00:00', '2026-11-01T07:00:00.000Z'],
  ['a gap in London', 'Europe/London', '2026-03-29T01:30:00', '2026-03-29T01:30:00.000Z'],
  ['a fold in London', 'Europe/London', '2026-10-25T01:30:00', '2026-10-25T00:30:00.000Z'],
  ['a gap of half an hour', 'Australia/Lord_Howe', '2026-10-04T02:15:00', '2026-10-03T15:45:00.000Z'],
  ['a fold of half an hour', 'Australia/Lord_Howe', '2026-04-05T01:45:00', '2026-04-04T14:45:00.000Z'],
  ['a day that was skipped', 'Pacific/Apia', '2011-12-30T09:00:00', '2011-12-30T19:00:00.000Z'],
  ['the day after a skipped day', 'Pacific/Apia', '2011-12-31T09:00:00', '2011-12-30T19:00:00.000Z'],
  ['the last moment before a skipped day', 'Pacific/Apia', '2011-12-29T23:59:59', '2011-12-30T09:59:59.000Z'],
  ['a midnight that does not exist', 'Africa/Cairo', '2026-04-24T00:00:00', '2026-04-23T22:00:00.000Z'],
  ['an offset with seconds', 'Africa/Monrovia', '1970-01-01T00:00:00', '1970-01-01T00:44:30.000Z'],
  ['a zone without offset', 'UTC', '2026-01-05T09:00:00', '2026-01-05T09:00:00.000Z'],
])('%s is one instant', (_, timeZone, local, expected) => {
  expect(instant(timeZone, local)).toBe(expected);
});

test.each([
  ['America/New_York', '2026-03-08T06:59:59.999Z', '2026-03-08T01:59:59.999Z'],
  ['America/New_York', '2026-03-08T07:00:00.000Z', '2026-03-08T03:00:00.000Z'],
  ['America/New_York', '2026-11-01T05:59:59.999Z', '2026-11-01T01:59:59.999Z'],
  ['America/New_York', '2026-11-01T06:00:00.000Z', '2026-11-01T01:00:00.000Z'],
  ['Pacific/Apia', '2011-12-30T10:00:00.000Z', '2011-12-31T00:00:00.000Z'],
  ['Asia/Kathmandu', '2026-01-05T00:00:00.000Z', '2026-01-05T05:45:00.000Z'],
])('%s reads %s as %s', (timeZone, at, expected) => {
  expect(wall(timeZone, at)).toBe(expected);
});

test('offsets agree with another implementation around every change of many zones', () => {
  const zones = ['Africa/Casablanca', 'Africa/Cairo', 'America/Santiago', 'Antarctica/Troll', 'Europe/Dublin'];
  for (const timeZone of zones) {
    const zone = zoneOf(timeZone);
    for (let at = Date.UTC(2023, 0, 1); at < Date.UTC(2027, 0, 1); at += 11 * 3_600_000 + 1_000) {
      expect(zone.offsetAt(at)).toBe(DateTime.fromMillis(at, { zone: timeZone }).offset * 60_000);
    }
  }
});

test('years far away have an offset too', () => {
  expect(zoneOf('America/New_York').offsetAt(Date.UTC(9990, 0, 15))).toBe(-5 * 3_600_000);
  expect(zoneOf('America/New_York').offsetAt(8_640_000_000_000_000)).toBe(-4 * 3_600_000);
  expect(zoneOf('Asia/Tokyo').offsetAt(Date.UTC(1700, 0, 1))).toBe((9 * 3_600 + 18 * 60 + 59) * 1_000);
});

test('a zone is built once', () => {
  expect(zoneOf('Europe/Berlin')).toBe(zoneOf('Europe/Berlin'));
  expect(zoneOf('Europe/Berlin').timeZone).toBe('Europe/Berlin');
});

test('only names of zones are zones', () => {
  expect(['America/New_York', 'UTC', 'Etc/GMT+5'].map(isTimeZone)).toEqual([true, true, true]);
  expect(['+02:00', '-05:00', 'Mars/Olympus', 'local', ''].map(isTimeZone)).toEqual([
    false,
    false,
    false,
    false,
    false,
  ]);
});
