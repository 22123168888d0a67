/**
 * What stands in a text message: its facts, one link and its keys, within three segments.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanText } from '../../src/core/text/clean.ts';
import { smsLength } from '../../src/core/text/sms.ts';
import type { Message } from '../../src/model/message.ts';
import { twilioSmsNotifier } from '../../src/notifiers/twilio-sms.ts';
import { strangers } from '../core/text/strangers.ts';
import { messageWith } from './message.ts';
import { account, actions, from, options, to, twilio } from './twilio-account.ts';

async function bodyOf(changes: Partial<Message> = {}): Promise<string> {
  const { calls, fetch } = twilio();
  await twilioSmsNotifier({ ...account, from, fetch }).send(messageWith({ to, actions, ...changes }), options);
  return calls[0]?.body.Body ?? '';
}

const RUNBOOK = { href: 'https://runbooks.example/db', text: 'Runbook' };

describe('a text message', () => {
  test('says the title, its lines and the body, a link, and what can be answered', async () => {
    const replyCode = '4711';
    expect(await bodyOf({ body: 'No answer\non 5432', links: [RUNBOOK], replyCode })).toBe(
      [
        'Database is down',
        'SEV1 - Checkout',
        'No answer',
        'on 5432',
        'https://runbooks.example/db',
        '1=Acknowledge 3=Escalate (4711)',
      ].join('\n'),
    );
  });

  test('in German it stays in the alphabet of phones', async () => {
    const german = [
      { id: 'acknowledge', label: 'Übernehmen', key: '1' },
      { id: 'snooze', label: 'Zurückstellen', key: '4' },
    ] as const;
    const body = await bodyOf({ title: 'Größe: 99 % – „voll“', lines: ['Seit 5 Min. offen'], actions: german });
    expect(body).toBe('Größe: 99 % - "voll"\nSeit 5 Min. offen\n1=Übernehmen 4=Zurückstellen');
    expect(smsLength(body)).toMatchObject({ encoding: 'gsm-7', segments: 1 });
  });

  test('without actions it has no keys, and no code', async () => {
    expect(await bodyOf({ actions: [], replyCode: '4711' })).toBe('Database is down\nSEV1 - Checkout');
  });

  test('an action without a digit is no key, and a code of another form is left out', async () => {
    const odd = [...actions, { id: 'snooze', label: 'Later' }, { id: 'accept', label: 'Join', key: 'J' }] as const;
    expect(await bodyOf({ lines: [], actions: odd, replyCode: '47' })).toBe(
      'Database is down\n1=Acknowledge 3=Escalate',
    );
  });

  test('the address of an action goes before that of a link, and one that does not fit gives way to the next', async () => {
    const withAddress = (url: string) => [{ id: 'acknowledge', label: 'Acknowledge', key: '1', url }] as const;
    const short = await bodyOf({ actions: withAddress('https://ops.example/a/t1.abc'), links: [RUNBOOK] });
    expect(short).toContain('\nhttps://ops.example/a/t1.abc\n1=Acknowledge');
    expect(short).not.toContain('runbooks');
    const long = await bodyOf({ actions: withAddress(`https://ops.example/${'x'.repeat(440)}`), links: [RUNBOOK] });
    expect(long).toContain('\nhttps://runbooks.example/db\n1=Acknowledge');
    expect(long).not.toContain('xxx');
  });

  test('only http and https are links', async () => {
    expect(await bodyOf({ links: [{ href: 'javascript:alert(1)' }] })).not.toContain('javascript');
  });

  test('a long body makes room for the link and the keys', async () => {
    const body = await bodyOf({ body: 'Disk full. '.repeat(200), links: [RUNBOOK], replyCode: '4711' });
    expect(body).toMatch(
      /^Database is down\nSEV1 - Checkout\nDisk full\. .*\.\.\.\nhttps:\/\/runbooks\.example\/db\n1=/,
    );
    expect(body.endsWith('(4711)')).toBe(true);
    expect(smsLength(body)).toMatchObject({ encoding: 'gsm-7', segments: 3 });
    expect(smsLength(body).units).toBeGreaterThan(440);
  });

  test('a bundle says how many there are, as many titles as fit, and how many more', async () => {
    const item = (n: number) => ({ deliveryId: `d${n}`, title: `Service ${n} is down`, urgency: 'high' as const });
    const bundle = Array.from({ length: 40 }, (_, index) => item(index + 1));
    const body = await bodyOf({ title: '40 pages at once', lines: [], bundle });
    expect(body).toMatch(
      /^40 pages at once\n- Service 1 is down\n(- Service \d+ is down\n)+and \d+ more\n1=Acknowledge/,
    );
    const shown = body.match(/^- /gm)?.length ?? 0;
    expect(shown).toBeGreaterThan(15);
    expect(body).toContain(`\nand ${40 - shown} more\n`);
    expect(smsLength(body).segments).toBe(3);
  });

  test('a title of letters beyond the alphabet of phones, and long labels, leave no key out', async () => {
    const long = (key: string) => ({ id: 'snooze' as const, label: 'Подтвердить получение сообщения', key });
    const body = await bodyOf({ title: 'Диск полон '.repeat(90), actions: ['1', '2', '3', '4', '5'].map(long) });
    expect(body.match(/[1-5]=Подтвердить получение с/g)).toHaveLength(5);
    expect(body).toMatch(/^Диск полон Диск.*…\n1=/);
    expect(smsLength(body)).toMatchObject({ encoding: 'ucs-2', segments: 3 });
  });
});

describe('what a stranger writes', () => {
  const long = fc.oneof(
    { weight: 4, arbitrary: strangers },
    fc.tuple(strangers, fc.integer({ min: 1, max: 300 })).map(([text, times]) => `x${text}`.repeat(times)),
  );
  const href = fc.oneof(
    strangers,
    strangers.map((text) => `https://a.example/${text.replaceAll(/\s/g, '')}`),
  );
  const messages = fc.record({
    title: long,
    body: fc.option(long, { nil: undefined }),
    lines: fc.array(long, { maxLength: 5 }),
    links: fc.array(fc.record({ href, text: strangers }), { maxLength: 3 }),
    labels: fc.array(long, { minLength: 1, maxLength: 5 }),
    url: fc.option(href, { nil: undefined }),
    replyCode: fc.option(fc.constantFrom('0000', '4711'), { nil: undefined }),
    bundle: fc.array(fc.record({ title: long, line: fc.option(long, { nil: undefined }) }), { maxLength: 6 }),
  });

  test('never takes a fourth segment, and never pushes out a key or the code', async () => {
    await fc.assert(
      fc.asyncProperty(messages, async ({ labels, url, bundle, ...facts }) => {
        const keyed = labels.map((label, index) => ({ id: 'snooze' as const, label, key: String(index + 1), url }));
        const items = bundle.map((item, index) => ({ ...item, deliveryId: `d${index}`, urgency: 'high' as const }));
        const body = await bodyOf({ ...facts, actions: keyed, bundle: items });
        expect(smsLength(body).segments).toBeLessThanOrEqual(3);
        expect(body).toBe(cleanText(body));
        const last = body.split('\n').at(-1) ?? '';
        for (const { key } of keyed) expect(last).toMatch(new RegExp(`(?:^| )${key}=`));
        if (facts.replyCode !== undefined) expect(last.endsWith(` (${facts.replyCode})`)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
