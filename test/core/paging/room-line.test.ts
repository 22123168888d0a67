/**
 * What is said in the room of an incident: one blameless line for each event that people there want to read.
 */
import { describe, expect, test } from 'vitest';
import { belongingIn, broughtIn, roomLine, roomTopic } from '../../../src/core/paging/room-line.ts';
import { roomName, unknownFields } from '../../../src/core/paging/room-name.ts';
import type { EventDraft, TimelineEvent } from '../../../src/model/timeline.ts';

const ana = { kind: 'user', id: 'ana' } as const;
const nameOf = (user: string) => ({ ana: 'Ana', ben: 'Ben' })[user];
const event = (draft: Partial<EventDraft>, by: TimelineEvent['by'] = ana) =>
  ({ seq: 7, at: 0, by, ...draft }) as TimelineEvent;

describe('a line', () => {
  test.each<[Partial<EventDraft>, string]>([
    [{ type: 'incident.opened', severity: 'SEV1', service: 'checkout' }, 'Opened by Ana: SEV1, service checkout.'],
    [{ type: 'incident.updated', title: 'Two disks' }, 'Ana changed its title: Two disks'],
    [{ type: 'incident.updated', body: 'More' }, 'Ana changed its description.'],
    [{ type: 'investigation.started' }, 'Ana started to investigate.'],
    [{ type: 'cause.identified', cause: 'a full disk' }, 'Ana identified the cause: a full disk'],
    [{ type: 'cause.identified' }, 'Ana identified the cause.'],
    [{ type: 'incident.mitigated', reason: 'failed over' }, 'Mitigated by Ana: failed over'],
    [{ type: 'incident.resolved' }, 'Resolved by Ana.'],
    [{ type: 'incident.reopened', reason: 'not yet' }, 'Reopened by Ana: not yet'],
    [{ type: 'incident.closed' }, 'Closed by Ana.'],
    [{ type: 'incident.dismissed', reason: 'a test' }, 'Dismissed by Ana: a test'],
    [{ type: 'incident.merged', into: 'i2' }, 'Ana merged it into incident i2.'],
    [{ type: 'incident.absorbed', source: 'i2' }, 'Ana merged incident i2 into this one.'],
    [
      { type: 'severity.changed', severity: 'SEV1', direction: 'raised', reason: 'worse' },
      'Ana raised the severity to SEV1: worse',
    ],
    [{ type: 'role.assigned', role: 'commander', user: 'ben' }, 'Ana made Ben commander.'],
    [{ type: 'role.assigned', role: 'commander', user: 'cyd' }, 'Ana made cyd commander.'],
    [{ type: 'role.assigned', role: 'commander', user: null }, 'Ana left the role of commander empty.'],
    [
      {
        type: 'response.planned',
        filled: [
          { role: 'commander', user: 'ben' },
          { role: 'scribe', user: 'cyd' },
        ],
      },
      'Ben is commander now. cyd is scribe now.',
    ],
    [{ type: 'responder.requested', user: 'ben' }, 'Ana asked Ben to join.'],
    [{ type: 'responder.accepted', user: 'ben' }, 'Ben joined.'],
    [{ type: 'responder.declined', user: 'ben', reason: 'asleep' }, 'Ben declined to join: asleep'],
    [{ type: 'responder.removed', user: 'ben' }, 'Ana released Ben.'],
    [{ type: 'task.added', task: { id: 't1', title: 'Call', status: 'open' } }, 'Ana added a task: Call'],
    [{ type: 'task.completed', task: 't1' }, 'Ana completed task t1.'],
    [{ type: 'note.added', text: 'It is\nthe disk' }, 'Ana: It is the disk'],
    [{ type: 'link.added', link: { href: 'https://example.org/' } }, 'Ana linked https://example.org/.'],
    [{ type: 'link.added', link: { incident: 'i2' } }, 'Ana linked i2.'],
    [{ type: 'link.added', link: { text: 'a' } }, 'Ana linked something.'],
    [{ type: 'incident.acknowledged' }, 'Acknowledged by Ana.'],
    [{ type: 'page.acknowledged' }, 'Ana acknowledged; whoever else was asked still has to.'],
    [{ type: 'incident.unacknowledged', reason: 'manual' }, 'Ana gave it back.'],
    [{ type: 'incident.unacknowledged', reason: 'timeout' }, 'Unacknowledged: asking again.'],
    [{ type: 'incident.snoozed', forMs: 3_600_000 }, 'Snoozed by Ana for 1h.'],
    [{ type: 'incident.escalated' }, 'Ana sent the page up.'],
    [
      { type: 'incident.reassigned', ladder: { policyId: 'night' } } as Partial<EventDraft>,
      'Ana reassigned it to night.',
    ],
    [{ type: 'escalation.exhausted', policyId: 'day' }, 'Everybody of day was asked and nobody answered.'],
    [{ type: 'update.posted', text: 'Late', audience: 'internal' }, 'Ana posted an internal update: Late'],
  ])('of %j is %s', (draft, line) => {
    expect(roomLine(event(draft), nameOf)).toBe(line);
  });

  test.each<Partial<EventDraft>>([
    { type: 'page.requested' },
    { type: 'page.failed' },
    { type: 'timer.fired' },
    { type: 'alert.joined' },
    { type: 'response.planned', filled: [] },
    { type: 'link.added', link: { external: { platform: 'slack', id: 'C1', mirror: 'room' } } },
  ])('is not said of %j', (draft) => {
    expect(roomLine(event(draft), nameOf)).toBeUndefined();
  });

  test('names sources and ourselves, and is bounded', () => {
    expect(roomLine(event({ type: 'incident.resolved' }, { kind: 'source', id: 'alertmanager' }), nameOf)).toBe(
      'Resolved by alertmanager.',
    );
    expect(roomLine(event({ type: 'incident.closed' }, { kind: 'system' }), nameOf)).toBe('Closed by tocsin.');
    expect(roomLine(event({ type: 'note.added', text: 'x'.repeat(100_000) }), nameOf)).toHaveLength(1_000);
  });
});

test('the topic says how bad it is, how far the response is, and what it is about', () => {
  expect(roomTopic({ severity: 'SEV1', title: 'Disk\nfull', kind: 'real' }, 'triage')).toBe(
    'SEV1 · triage · Disk full',
  );
  expect(roomTopic({ severity: 'SEV1', title: 'x'.repeat(500), kind: 'real' }, 'triage')).toHaveLength(
    'SEV1 · triage · '.length + 200,
  );
});

test('nobody takes a drill or a test for a real incident', () => {
  expect(roomTopic({ severity: 'SEV1', title: 'Fire', kind: 'drill' }, 'triage')).toBe('SEV1 · triage · DRILL: Fire');
  expect(roomTopic({ severity: 'SEV1', title: 'Fire', kind: 'test' }, 'triage')).toBe('SEV1 · triage · TEST: Fire');
});

describe('who belongs in the room', () => {
  test('is who acknowledges, joins or gets a role', () => {
    const brought = [
      event({ type: 'incident.acknowledged' }),
      event({ type: 'page.acknowledged' }),
      event({ type: 'incident.acknowledged' }, { kind: 'source', id: 'pagerduty' }),
      event({ type: 'role.assigned', role: 'scribe', user: 'ben' }),
      event({ type: 'role.assigned', role: 'scribe', user: null }),
      event({
        type: 'response.planned',
        filled: [
          { role: 'scribe', user: 'ben' },
          { role: 'commander', user: 'ben' },
        ],
      }),
      event({ type: 'responder.accepted', user: 'cyd' }),
      event({ type: 'responder.requested', user: 'dan' }),
    ].map(broughtIn);
    expect(brought).toEqual([['ana'], ['ana'], [], ['ben'], [], ['ben'], ['cyd'], []]);
  });

  test('is everybody who has, each once', () => {
    const responders = { ben: 'accepted', cyd: 'requested', dan: 'declined' } as const;
    expect(belongingIn({ acknowledgedBy: ['ana'], responders, roles: { scribe: 'ben', commander: 'eve' } })).toEqual([
      'ana',
      'ben',
      'eve',
    ]);
  });
});

describe('the name of the room', () => {
  const context = {
    service: 'checkout',
    severity: 'SEV1',
    title: 'Disk',
    id: 'i1',
    times: { openedAt: Date.UTC(2026, 0, 6, 23) },
  };

  test('is the template with what it names filled in', () => {
    expect(roomName('inc-{{date}}-{{ service }} {{severity}} {{title}} {{id}}', context)).toBe(
      'inc-2026-01-06-checkout SEV1 Disk i1',
    );
    expect(roomName('{{constructor}}{{}}x', context)).toBe('x');
    expect(roomName('{{title}}', { ...context, title: '$& {{id}}' })).toBe('$& {{id}}');
  });

  test('can only hold what is known', () => {
    expect(unknownFields('{{date}} {{who}} {{}} {{ id }}')).toEqual(['who', '']);
  });
});
