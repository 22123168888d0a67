/**
 * E-mail: sends each message as one mail to one person, through whatever transport of nodemailer the host has.
 *
 * It imports no mail library, and never lets a text of the message become a header, a recipient or markup.
 *
 * @see RFC 5322 3.6
 * @see RFC 3834 5
 */
import { webAddress } from '../core/text/web-address.ts';
import type { Message, MessagePurpose } from '../model/message.ts';
import { type Notifier, type NotifyError, notifyError, type SendOptions } from '../ports/notifier.ts';
import { refuseUnknownOptions } from '../ports/options.ts';
import { htmlBody, textBody } from './email/bodies.ts';
import { failureOf, rejectionIn } from './email/failure.ts';
import { headerText, type Mailbox, mailAddress, mailDomain, mailName } from './email/mailbox.ts';
import { outlineOf } from './email/outline.ts';
import { propertyOf } from './email/property-of.ts';
import { headerId, threadOf } from './email/thread.ts';
import { malformedOption } from './http/checked-options.ts';

/** One mail, as it is handed to the transport: fields of nodemailer's message, none of which it has to parse. */
export type OutgoingEmail = {
  from: { name: string; address: string };
  to: { name: string; address: string };
  replyTo?: { name: string; address: string };
  subject: string;
  text: string;
  html: string;
  date: Date;
  messageId: string;
  inReplyTo?: string;
  references?: string;
  /** Who really sends and receives it: one recipient. */
  envelope: { from: string; to: string[] };
  priority: 'high' | 'normal';
  headers: { [name: string]: string };
  list?: { unsubscribe: string };
  disableFileAccess: true;
  disableUrlAccess: true;
  /** Ends the attempt. Transports of nodemailer before 10.5 do not look at it. */
  signal: AbortSignal;
};

/** What sends mails: a transport as nodemailer's `createTransport` makes it, or any object with such a `sendMail`. */
export type EmailTransport = { sendMail(mail: OutgoingEmail): Promise<unknown> };

/** An address, or an address with a name before it. */
export type EmailSender = string | { readonly name?: string; readonly address: string };

/** How {@link emailNotifier} sends. */
export type EmailNotifierOptions = {
  readonly transport: EmailTransport;
  /** Whom the mails come from; mails that cannot be delivered go back there. A bare address, or `{ name, address }`. */
  readonly from: EmailSender;
  /** The name that contacts refer to. Default: `email`. */
  readonly name?: string;
  /** Where answers go. Default: `from`. */
  readonly replyTo?: EmailSender;
  /** The domain in the ids of mails. Keep it for life: threads hang on it. Default: the domain of `from`. */
  readonly domain?: string;
  /**
   * Where the reader of this message stops such mails with one POST, as an https address; `undefined` for none. It is asked
   * for notices, summaries and updates only, never for a page, and not where the message says so itself. One that throws, or
   * answers something else, leaves the mail without.
   */
  readonly unsubscribe?: (message: Message) => string | undefined;
};

type Channel = {
  readonly transport: EmailTransport;
  readonly from: Mailbox;
  readonly replyTo: Mailbox | undefined;
  readonly domain: string;
  readonly unsubscribe: EmailNotifierOptions['unsubscribe'];
};

const KNOWN: readonly (keyof EmailNotifierOptions)[] = [
  'transport',
  'from',
  'name',
  'replyTo',
  'domain',
  'unsubscribe',
];
const MAX_SUBJECT = 200;
/** A line of a header holds 998 characters. */
const MAX_UNSUBSCRIBE = 900;
const ASKS_FOR_NOTHING: readonly MessagePurpose[] = ['notice', 'summary', 'update', 'announcement'];

/**
 * A notifier that sends mails through `transport`. The address of a contact is one bare e-mail address.
 *
 * A mail has a text and an HTML body. Its `Message-ID`, which is the `externalId`, follows from the idempotency key; all
 * mails about one incident refer to one id. A refusal (5xx) of the recipient or of the mail is permanent, and so is an
 * address of another form; a refusal of our login or our sender, 4xx, and a connection that fails are tried again.
 * Experimental.
 *
 * @throws TocsinError INPUT_INVALID when the transport has no `sendMail`, an address or the domain is malformed, or an option is not known.
 * @see RFC 8058 3.1
 * @example
 * ```ts
 * import { emailNotifier } from 'tocsin/notifiers/email';
 * const transport = { sendMail: async () => ({ accepted: ['ana@ops.example'] }) }; // nodemailer.createTransport(...)
 * const notifier = emailNotifier({ transport, from: 'pager@ops.example' });
 * notifier.kind; // => 'email'
 * ```
 */
export function emailNotifier(options: EmailNotifierOptions): Notifier {
  refuseUnknownOptions('make an e-mail notifier', options, KNOWN);
  const { name = 'email', transport, unsubscribe } = options;
  checkTransport(transport);
  if (unsubscribe !== undefined && typeof unsubscribe !== 'function') {
    throw malformedOption('unsubscribe', 'a function');
  }
  const from = mailboxOf('from', options.from);
  const replyTo = options.replyTo === undefined ? undefined : mailboxOf('replyTo', options.replyTo);
  const channel = { transport, from, replyTo, domain: domainOf(options.domain, from), unsubscribe };
  return {
    name,
    kind: 'email',
    async send(message, sending) {
      const mail = mailOf(channel, message, sending);
      await handOver(channel, mail, sending.signal);
      return { externalId: mail.messageId };
    },
  };
}

function checkTransport(transport: unknown): void {
  if (typeof propertyOf(transport, 'sendMail') === 'function') return;
  throw malformedOption(
    'transport',
    "an object with a `sendMail`, such as what nodemailer's `createTransport` answers",
  );
}

function mailboxOf(option: string, sender: unknown): Mailbox {
  const address = mailAddress(propertyOf(sender, 'address') ?? sender);
  if (address !== undefined) return { name: mailName(propertyOf(sender, 'name')), address };
  throw malformedOption(option, 'one bare e-mail address, or { name, address }');
}

function domainOf(given: unknown, { address }: Mailbox): string {
  const domain = mailDomain(given ?? address.slice(address.lastIndexOf('@') + 1));
  if (domain !== undefined) return domain;
  throw malformedOption('domain', 'a host name such as ops.example');
}

function mailOf(channel: Channel, message: Message, { idempotencyKey, signal }: SendOptions): OutgoingEmail {
  const { from, replyTo, domain } = channel;
  const address = recipientOf(message);
  const outline = outlineOf(message);
  const { messageId, root } = threadOf(message, idempotencyKey, domain);
  const list = unsubscribeOf(channel, message);
  return {
    from: { ...from },
    to: { name: mailName(message.to.name), address },
    ...(replyTo && { replyTo: { ...replyTo } }),
    subject: headerText(outline.title, MAX_SUBJECT),
    text: textBody(outline),
    html: htmlBody(outline),
    date: new Date(message.sentAt),
    messageId,
    ...(root !== undefined && { inReplyTo: root, references: root }),
    envelope: { from: from.address, to: [address] },
    priority: message.urgency === 'high' ? 'high' : 'normal',
    headers: {
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      'X-Tocsin-Delivery': headerId(idempotencyKey),
      ...(message.incidentId !== undefined && { 'X-Tocsin-Incident': headerId(message.incidentId) }),
      ...(list && { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }),
    },
    ...(list && { list }),
    disableFileAccess: true,
    disableUrlAccess: true,
    signal,
  };
}

function recipientOf({ to }: Message): string {
  const address = mailAddress(to.address);
  if (address !== undefined) return address;
  throw notifyError(
    "Cannot deliver: the contact's address is not one bare e-mail address. Give it one, such as ana@ops.example.",
    {
      permanent: true,
    },
  );
}

function unsubscribeOf({ unsubscribe }: Channel, message: Message): OutgoingEmail['list'] {
  if (!ASKS_FOR_NOTHING.includes(message.purpose)) return undefined;
  try {
    const url = new URL(webAddress(message.unsubscribe ?? unsubscribe?.(message) ?? '') ?? '');
    return url.protocol === 'https:' && url.href.length <= MAX_UNSUBSCRIBE ? { unsubscribe: url.href } : undefined;
  } catch {
    // A mail without a way to stop it is better than none.
    return undefined;
  }
}

async function handOver({ transport }: Channel, mail: OutgoingEmail, signal: AbortSignal): Promise<void> {
  if (signal.aborted) throw tooLate();
  let abort = () => {};
  const aborted = new Promise<NotifyError>((resolve) => {
    abort = () => resolve(tooLate());
  });
  signal.addEventListener('abort', abort, { once: true });
  try {
    // What the transport does after we stopped listening changes nothing.
    const failure = await Promise.race([failureIn(transport, mail), aborted]);
    if (failure !== undefined) throw failure;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** What went wrong, if anything did; it never rejects. */
async function failureIn(transport: EmailTransport, mail: OutgoingEmail): Promise<NotifyError | undefined> {
  const attempted = { address: mail.to.address, transport };
  try {
    return rejectionIn(await transport.sendMail(mail), attempted);
  } catch (reason) {
    return failureOf(reason, attempted);
  }
}

function tooLate(): NotifyError {
  return notifyError('Cannot deliver by e-mail: there was no answer in time. This is tried again.');
}
