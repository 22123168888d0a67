/**
 * Messages: how long it takes to put one into words and to make it fit for a channel, in microseconds.
 *
 * Every title is another one, so that nothing can be remembered; it never measures a network.
 */

import { EMPTY_CONTEXT } from '../src/core/lifecycle/context.ts';
import { messageOf } from '../src/core/paging/message.ts';
import { cutEscaped, cutUnits, discordText, htmlText, slackLink, slackText } from '../src/index.ts';
import type { Message, StoredDelivery } from '../src/model/index.ts';
import { type Figure, fine, median } from './figure.ts';
import type { Ground } from './ground.ts';

const ROUND_MS = 100;
const ROUNDS = 9;
const TARGET_US = 20;
/** What a section of a Slack message holds. */
const SLACK_SECTION = 3_000;
const AT = Date.UTC(2026, 0, 6, 10);

const DELIVERY: StoredDelivery = {
  id: 'i1:7:0',
  tenant: 'acme',
  incidentId: 'i1',
  page: 7,
  purpose: 'step',
  position: { cycle: 1, loop: 2, step: 3 },
  user: 'ana',
  contact: 'chat',
  notifier: 'slack',
  address: '#ops',
  urgency: 'high',
  state: 'leased',
  requestedAt: AT - 90_000,
  dueAt: AT,
  attempts: 1,
};
const CONTEXT = {
  ...EMPTY_CONTEXT,
  id: 'i1',
  service: 'checkout',
  severity: 'SEV1',
  times: { openedAt: AT - 3_900_000 },
  alerts: { a1: 'firing', a2: 'firing', a3: 'cleared' } as const,
  asked: ['ana', 'ben', 'chi'],
  links: [
    { href: 'https://runbooks.example/disk?from=alert&to=now', text: 'Runbook' },
    { href: 'https://graphs.example/d/disk-usage?var-host=db-1', text: 'Graph' },
  ],
};
const NAMES = new Map([
  ['ana', 'Ana Müller'],
  ['ben', 'Ben'],
  ['chi', 'Chi'],
]);
const NAMED = { service: 'Checkout', user: 'Ana Müller', person: (id: string) => NAMES.get(id) };

const BODIES = {
  typical: repeated('No space left on device /dev/sda1 (used 99.7 %), see host db-1 & its replica. ', 1_000),
  emoji: repeated(
    'Füllstand 🔥 99,7 % auf /dev/sda1 von db-1 & Replik, 👩‍👩‍👧‍👦 warten: bitte gleich ansehen 🇩🇪!\n',
    4_096,
  ),
  families: repeated('👩‍👩‍👧‍👦🔥🇩🇪', 4_096),
  markup: repeated('Füllstand 🔥 100 % <auf> db-1 & 👩‍👩‍👧‍👦 wartet: *sofort* handeln 🇩🇪! ', 4_096),
} as const;
type BodyName = keyof typeof BODIES;

const CHANNELS: Readonly<Record<string, (message: Message) => number>> = {
  Slack: (message) =>
    posted(
      message,
      (text) => slackText(text),
      ({ href, text = href }) => slackLink(href, text),
    ),
  Discord: (message) =>
    posted(
      message,
      (text) => discordText(text),
      ({ href }) => href,
    ),
  HTML: (message) =>
    posted(
      message,
      (text) => htmlText(text),
      ({ href }) => htmlText(href),
    ),
};

/** Each body for each channel; what Slack takes is judged. */
export async function message(ground: Ground): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const name of Object.keys(BODIES) as BodyName[]) {
    for (const [channel, show] of Object.entries(CHANNELS)) {
      const us = measured(BODIES[name], show);
      ground.say(`${name}, ${channel}: ${fine(us)} us`);
      figures.push({
        name: `a message put into words, cut and escaped for ${channel}: ${titleOf(name)}`,
        measured: `${fine(us)} us`,
        ...(channel === 'Slack' && name !== 'markup' && { target: `<= ${TARGET_US} us`, isMet: us <= TARGET_US }),
      });
    }
  }
  return figures;
}

function titleOf(name: BodyName): string {
  const bytes = Buffer.byteLength(BODIES[name]).toLocaleString('en-US');
  const body = {
    typical: 'plain',
    emoji: 'with emoji',
    families: 'nothing but emoji',
    markup: 'a special character in ten',
  }[name];
  return `two links, a body of ${bytes} bytes, ${body}`;
}

/** The middle of several rounds, in microseconds of a processor for one message: others who want it do not count. */
function measured(body: string, show: (message: Message) => number): number {
  let next = 0;
  const round = (count: number) => {
    const begun = process.cpuUsage();
    let size = 0;
    for (let done = 0; done < count; done += 1) {
      next += 1;
      const context = { ...CONTEXT, title: `Disk full on db-${next} & its replica`, body: `${next} ${body}` };
      size += show(messageOf(DELIVERY, context, { sentAt: AT, names: NAMED, locale: 'de-AT' }));
    }
    if (size < count) throw new Error('A message came out empty.');
    const { user, system } = process.cpuUsage(begun);
    return (user + system) / count;
  };
  let count = 100;
  while (round(count) * count < ROUND_MS * 1_000) count *= 2;
  return median(Array.from({ length: ROUNDS }, () => round(count)));
}

/** How long everything is that a chat would get. */
function posted(
  { title, lines, body = '', links, actions }: Message,
  shown: (text: string) => string,
  link: (link: Message['links'][number]) => string,
): number {
  const parts = [
    shown(title),
    ...lines.map(shown),
    cutEscaped(shown(cutUnits(body, SLACK_SECTION)), SLACK_SECTION),
    ...links.map(link),
  ];
  return [...parts, ...actions.map(({ label }) => shown(label))].join('\n').length;
}

/** `text` again and again, in about `bytes` bytes of UTF-8. */
function repeated(text: string, bytes: number): string {
  return text.repeat(Math.round(bytes / Buffer.byteLength(text)));
}
