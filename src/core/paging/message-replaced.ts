/**
 * Replaced messages: what a host would rather say, in the place of the built-in texts.
 *
 * Pure but for the host's function. Whatever that does, a message goes out: when it throws, is late or talks nonsense, the
 * built-in one stands. It never changes whom a message goes to, what it is about, or what can be answered.
 */
import { TocsinError } from '../../errors.ts';
import type { Message } from '../../model/message.ts';
import { boundedLine, boundedText } from '../text/bounded.ts';
import { webAddress } from '../text/web-address.ts';

/** The parts of a message that a host may say in its own words. What is left out stays; a body of `''` goes. */
export type MessageReplacement = {
  readonly title?: string | undefined;
  readonly body?: string | undefined;
  readonly lines?: readonly string[] | undefined;
  readonly links?: Message['links'] | undefined;
};

/** What a host would rather say. It answers at once; `undefined` leaves the message as it is. */
export type ReplaceMessage = (message: Message) => MessageReplacement | undefined;

const MAX_LINES = 20;
const MAX_LINKS = 20;

/**
 * `message` with the words of `replace`; `message` itself when there are none, and when they cannot be used, which
 * `onError` is told.
 */
export function replacedMessage(
  message: Message,
  replace: ReplaceMessage | undefined,
  onError: (error: unknown) => void = () => {},
): Message {
  if (replace === undefined) return message;
  try {
    // A copy, so that whatever the host does to it happens to nothing else.
    const answer: unknown = replace(structuredClone(message));
    return answer === undefined ? message : { ...withoutBody(message), ...usable(answer, message.body) };
  } catch (error) {
    tell(onError, error);
    return message;
  }
}

function withoutBody(message: Message): Omit<Message, 'body'> {
  const { body: _, ...rest } = message;
  return rest;
}

/** The parts of `answer`, cleaned and bounded. Throws when one of them is not what it should be. */
function usable(answer: unknown, body: string | undefined): Partial<Message> {
  if (typeof answer !== 'object' || answer === null) throw nonsense('an object');
  const then: unknown = Reflect.get(answer, 'then');
  if (typeof then === 'function') {
    // Nobody waits for it: should it reject, that must not end the process.
    Reflect.apply(then, answer, [() => {}, () => {}]);
    throw nonsense('an object at once, and not a promise');
  }
  const given: Readonly<Record<keyof MessageReplacement, unknown>> = {
    title: Reflect.get(answer, 'title'),
    body: Reflect.get(answer, 'body'),
    lines: Reflect.get(answer, 'lines'),
    links: Reflect.get(answer, 'links'),
  };
  const said = given.body === undefined ? body : boundedText(text(given.body, 'body'));
  return {
    ...(given.title !== undefined && { title: titleOf(given.title) }),
    ...(said !== undefined && said !== '' && { body: said }),
    ...(given.lines !== undefined && { lines: list(given.lines, 'lines', MAX_LINES).map((line) => lineOf(line)) }),
    ...(given.links !== undefined && { links: list(given.links, 'links', MAX_LINKS).map(linkOf) }),
  };
}

/** A page without a title would be looked over. */
function titleOf(given: unknown): string {
  const title = boundedLine(text(given, 'title'));
  if (title === '') throw nonsense('a title that is not empty');
  return title;
}

function lineOf(given: unknown): string {
  return boundedLine(text(given, 'lines'));
}

function linkOf(given: unknown): Message['links'][number] {
  if (typeof given !== 'object' || given === null) throw nonsense('links of the form { href, text }');
  const href = webAddress(text(Reflect.get(given, 'href'), 'links'));
  if (href === undefined) throw nonsense('links of http or https');
  const label: unknown = Reflect.get(given, 'text');
  return { href, ...(label !== undefined && { text: boundedLine(text(label, 'links')) }) };
}

function text(given: unknown, part: string): string {
  if (typeof given !== 'string') throw nonsense(`texts in \`${part}\``);
  return given;
}

function list(given: unknown, part: string, max: number): readonly unknown[] {
  if (!Array.isArray(given)) throw nonsense(`a list as \`${part}\``);
  return given.slice(0, max);
}

function nonsense(expected: string): TocsinError {
  const message = `Cannot use what the host would rather say: expected ${expected}. The built-in message goes out.`;
  return new TocsinError('INPUT_INVALID', message, { details: { problems: [{ path: '', message }] } });
}

function tell(onError: (error: unknown) => void, error: unknown): void {
  try {
    onError(error);
  } catch {
    // Whoever cannot hear of a failure must not cause another one.
  }
}
