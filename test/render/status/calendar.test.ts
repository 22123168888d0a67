import ICAL from 'ical.js';
import { describe, expect, test } from 'vitest';
import type { StatusPicture } from '../../../src/model/status.ts';
import { statusIcs } from '../../../src/render/index.ts';
import {
  ACTIVE_MAINTENANCE,
  BARE,
  INCIDENT,
  MAINTENANCE,
  NEXT_MAINTENANCE,
  NOW,
  PICTURES,
} from './machine-pictures.ts';

const open = (picture: StatusPicture) => new ICAL.Component(ICAL.parse(statusIcs(picture)));
const eventsOf = (picture: StatusPicture) =>
  open(picture)
    .getAllSubcomponents('vevent')
    .map((component) => {
      const { uid, summary, description, startDate, endDate, sequence } = new ICAL.Event(component);
      const value = (name: string) => String(component.getFirstPropertyValue(name));
      return {
        uid,
        summary,
        description,
        sequence,
        startsAt: +startDate.toJSDate(),
        endsAt: +endDate.toJSDate(),
        value,
      };
    });

describe('a calendar of maintenance', () => {
  test('has what is past, what goes on and what is to come, the earliest first', () => {
    expect(eventsOf(MAINTENANCE).map(({ uid, summary }) => [uid, summary])).toEqual([
      ['maintenance.shop.m-past@tocsin', 'Old disks'],
      ['maintenance.shop.m-active@tocsin', 'New disks; search, in part'],
      ['maintenance.shop.m-next@tocsin', 'Another line'],
    ]);
  });

  test('says from when until when, how far it is, what it touches and what was posted', () => {
    const event = eventsOf(MAINTENANCE)[1]!;
    expect(event).toMatchObject({
      startsAt: ACTIVE_MAINTENANCE.startsAt,
      endsAt: ACTIVE_MAINTENANCE.endsAt,
      description: 'In progress: Search\n\nIn progress\nWe have begun.',
    });
    expect(['dtstamp', 'created', 'last-modified', 'status', 'transp', 'url'].map(event.value)).toEqual([
      '2026-11-29T11:00:00Z',
      '2026-11-22T12:00:00Z',
      '2026-11-29T11:00:00Z',
      'CONFIRMED',
      'TRANSPARENT',
      'https://status.example.org/#m-active',
    ]);
  });

  test('names itself and says how often to ask', () => {
    const calendar = open(MAINTENANCE);
    const value = (name: string) => String(calendar.getFirstPropertyValue(name));
    expect(['version', 'prodid', 'method', 'name', 'x-wr-calname', 'refresh-interval'].map(value)).toEqual([
      '2.0',
      '-//tocsin//status//EN',
      'PUBLISH',
      'Example Shop',
      'Example Shop',
      'PT1H',
    ]);
  });

  test('moves an event that was moved: the same UID, a higher sequence', () => {
    const moved = {
      ...NEXT_MAINTENANCE,
      title: 'Another line, later',
      startsAt: NEXT_MAINTENANCE.startsAt + 3_600_000,
      endsAt: NEXT_MAINTENANCE.endsAt + 3_600_000,
      updatedAt: NOW,
    };
    const [before] = eventsOf({ ...BARE, maintenance: [NEXT_MAINTENANCE] });
    const [after] = eventsOf({ ...BARE, maintenance: [moved] });
    expect(after!.uid).toBe(before!.uid);
    expect(after!.sequence).toBeGreaterThan(before!.sequence);
  });

  test('has no incident in it', () => {
    expect(eventsOf(INCIDENT).map(({ uid }) => uid)).toEqual(['maintenance.shop.m-past@tocsin']);
    expect(eventsOf(BARE)).toEqual([]);
  });

  test('gives an event without length a second, and no link to a page without an address', () => {
    const { startsAt } = NEXT_MAINTENANCE;
    const [event] = eventsOf({ ...BARE, maintenance: [{ ...NEXT_MAINTENANCE, endsAt: startsAt }] });
    expect(event!.endsAt - event!.startsAt).toBe(1_000);
    expect(statusIcs({ ...BARE, maintenance: [NEXT_MAINTENANCE] })).not.toContain('URL:');
  });

  test('keeps apart ids that look alike', () => {
    const uidOf = (pageId: string, id: string) =>
      eventsOf({ ...BARE, page: { ...BARE.page, id: pageId }, maintenance: [{ ...NEXT_MAINTENANCE, id }] })[0]!.uid;
    expect(uidOf('a', 'b.c')).not.toBe(uidOf('a.b', 'c'));
  });

  test.each(PICTURES)('of %s made later has the same bytes', (_, picture) => {
    expect(statusIcs({ ...picture, at: NOW + 1 })).toBe(statusIcs(structuredClone(picture)));
  });
});
