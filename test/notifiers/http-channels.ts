/**
 * Every notifier over HTTP, set up to reach a server of ours, with what it may never tell. It asserts nothing.
 */
import webPush from 'web-push';
import type { Message } from '../../src/model/message.ts';
import { discordNotifier } from '../../src/notifiers/discord.ts';
import { opsgenieNotifier } from '../../src/notifiers/opsgenie.ts';
import { pagerDutyNotifier } from '../../src/notifiers/pagerduty.ts';
import { rootlyNotifier } from '../../src/notifiers/rootly.ts';
import { slackNotifier } from '../../src/notifiers/slack.ts';
import { statuspageNotifier } from '../../src/notifiers/statuspage.ts';
import { teamsNotifier } from '../../src/notifiers/teams.ts';
import { telegramNotifier } from '../../src/notifiers/telegram.ts';
import { twilioSmsNotifier } from '../../src/notifiers/twilio-sms.ts';
import { twilioVoiceNotifier } from '../../src/notifiers/twilio-voice.ts';
import { webPushNotifier } from '../../src/notifiers/web-push.ts';
import { webhookNotifier } from '../../src/notifiers/webhook.ts';
import type { Notifier } from '../../src/ports/notifier.ts';
import { account, authToken, from } from './twilio-account.ts';
import { pushSubscription } from './web-push-receiver.ts';

/** One notifier, and a contact that it can send to. */
export type HttpChannel = {
  readonly notifier: Notifier;
  readonly address: string;
  readonly secrets: readonly string[];
  /** What a message to it has to have besides. */
  readonly more?: Partial<Message>;
};

type Reached = { readonly origin: string; readonly fetch?: typeof globalThis.fetch };

const hidden = 's3cret-0123456789abcdef';
const routingKey = 'a1b2c3d4e5f6a7b8c9d0a1b2c3d4e5f6';
const botToken = '123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11';
const vapid = { subject: 'mailto:ops@example.com', ...webPush.generateVAPIDKeys() };

/** By name, each at `origin`; those whose contacts give the address are allowed to reach this machine. */
export const HTTP_CHANNELS: Readonly<Record<string, (reached: Reached) => HttpChannel>> = {
  discord: ({ origin, ...given }) => ({
    notifier: discordNotifier({ allowPrivateNetwork: true, ...given }),
    address: `${origin}/api/webhooks/1/${hidden}`,
    secrets: [hidden],
  }),
  opsgenie: ({ origin: baseUrl, ...given }) => ({
    notifier: opsgenieNotifier({ apiKeys: { default: hidden }, baseUrl, ...given }),
    address: 'default',
    secrets: [hidden],
  }),
  pagerduty: ({ origin: eventsUrl, ...given }) => ({
    notifier: pagerDutyNotifier({ routingKeys: { default: routingKey }, eventsUrl, ...given }),
    address: 'default',
    secrets: [routingKey],
  }),
  rootly: ({ origin: baseUrl, ...given }) => ({
    notifier: rootlyNotifier({ token: hidden, baseUrl, ...given }),
    address: 'none',
    secrets: [hidden],
  }),
  slack: ({ origin, ...given }) => ({
    notifier: slackNotifier({ token: hidden, baseUrl: `${origin}/api`, ...given }),
    address: 'C0123456789',
    secrets: [hidden],
  }),
  'slack by webhook': ({ origin, ...given }) => ({
    notifier: slackNotifier({ allowPrivateNetwork: true, ...given }),
    address: `${origin}/services/T0/B0/${hidden}`,
    secrets: [hidden],
  }),
  statuspage: ({ origin: baseUrl, ...given }) => ({
    notifier: statuspageNotifier({ pages: { main: { pageId: 'kctbh9vrtdwd', apiKey: hidden } }, baseUrl, ...given }),
    address: 'main',
    secrets: [hidden],
    more: {
      publicFacts: {
        title: 'Checkout: partial outage',
        status: 'investigating',
        components: {},
        updates: [{ id: '4', at: 0, status: 'investigating', text: 'We are looking into it.' }],
      },
    },
  }),
  teams: ({ origin, ...given }) => ({
    notifier: teamsNotifier({ allowPrivateNetwork: true, ...given }),
    address: `${origin}/workflows/1/invoke?api-version=1&sig=${hidden}`,
    secrets: [hidden],
  }),
  telegram: ({ origin: baseUrl, ...given }) => ({
    notifier: telegramNotifier({ token: botToken, baseUrl, ...given }),
    address: '77',
    secrets: [botToken.slice(7)],
  }),
  'twilio-sms': ({ origin: baseUrl, ...given }) => ({
    notifier: twilioSmsNotifier({ ...account, from, baseUrl, ...given }),
    address: '+15550100',
    secrets: [authToken],
  }),
  'twilio-voice': ({ origin: baseUrl, ...given }) => ({
    notifier: twilioVoiceNotifier({ ...account, from, baseUrl, ...given }),
    address: '+15550100',
    secrets: [authToken],
  }),
  'web-push': ({ origin, ...given }) => ({
    notifier: webPushNotifier({ webPush, vapid, allowPrivateNetwork: true, ...given }),
    address: pushSubscription(`${origin}/send/${hidden}`).address,
    secrets: [hidden, vapid.privateKey],
  }),
  webhook: ({ origin, ...given }) => ({
    notifier: webhookNotifier({ allowPrivateNetwork: true, ...given }),
    address: `${origin}/in/${hidden}`,
    secrets: [hidden],
  }),
};
