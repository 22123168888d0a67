/**
 * Failures: what an error of a mail transport means for a page.
 *
 * It tells the codes and, cleaned, what the server answered; never the error itself, the recipient's address, or anything of
 * an answer to a login: credentials may stand in all of them.
 *
 * @see RFC 5321 4.2.3
 * @see RFC 3463 3
 * @see RFC 4954 6
 */
import { oneLine } from '../../core/text/clean.ts';
import { type NotifyError, notifyError } from '../../ports/notifier.ts';
import { excerptOf } from '../http/post-json.ts';
import { propertyOf } from './property-of.ts';

/** Whom the mail was for, and through what it was sent. */
export type Attempted = { readonly address: string; readonly transport: unknown };

const CODE = /^[A-Z][A-Z0-9_]{2,63}$/;
const COMMAND = /^[A-Z][A-Z0-9 -]{2,39}$/;
const LOGIN = /\bE?AUTH\b/;
const ABOUT_LOGIN: readonly number[] = [530, 534, 535, 538];
/** A wrong order of commands says nothing of the recipient. */
const WRONG_ORDER = 503;
/** To refuse one of these is to refuse us, not the recipient. */
const ABOUT_US = /^(?:CONN|[EL]HLO|HELO|STARTTLS|RSET|MAIL)\b/;
/** So is every mail refused that is not signed, comes too often or from a listed host: 5.3.x, 5.4.x, 5.5.x and 5.7.x. */
const ABOUT_POLICY = /^\d{3}[ -]#?5\.[3457]\.\d/;
const STATUS = /\b[245]\.\d{1,3}\.\d{1,3}\b/;
/** What nodemailer calls it when a recipient is not taken. */
const REJECTED = { code: 'EENVELOPE' };
const MAX_DEPTH = 3;

/** The error of an attempt that the transport has rejected with `reason`. */
export function failureOf(reason: unknown, attempted: Attempted): NotifyError {
  const found = propertyOf(reason, 'responseCode') === undefined ? (firstRejection(reason) ?? reason) : reason;
  const responseCode = propertyOf(found, 'responseCode');
  const code = textOf(found, 'code', CODE);
  if (typeof responseCode !== 'number') {
    const codes = [code, textOf(found, 'originalCode', CODE)].filter(Boolean).join(', ');
    return notifyError(
      `Cannot deliver by e-mail: the transport failed${aside(codes)}. ${nextOf(false, code === 'EAUTH')}`,
    );
  }
  const command = textOf(found, 'command', COMMAND);
  const isLogin = LOGIN.test(`${code} ${command}`) || ABOUT_LOGIN.includes(responseCode);
  const isRefusal = responseCode >= 500 && responseCode < 600 && responseCode !== WRONG_ORDER;
  const response = propertyOf(found, 'response');
  const isAboutUs = ABOUT_US.test(command) || (typeof response === 'string' && ABOUT_POLICY.test(response));
  const permanent = isRefusal && !isLogin && !isAboutUs;
  const said = aside(saidBy(response, isLogin, attempted));
  const answered = `the server answered ${responseCode}${command && ` to ${command}`}${said}`;
  return notifyError(`Cannot deliver by e-mail: ${answered}. ${nextOf(permanent, isLogin)}`, { permanent });
}

/** The error of an attempt that the transport calls done although the server did not take the recipient; or `undefined`. */
export function rejectionIn(answer: unknown, attempted: Attempted): NotifyError | undefined {
  const rejected = propertyOf(answer, 'rejected');
  // There is one recipient: whoever was rejected is ours.
  if (!Array.isArray(rejected) || rejected.length === 0) return undefined;
  return failureOf(firstRejection(answer) ?? REJECTED, attempted);
}

function firstRejection(answer: unknown): unknown {
  const errors = propertyOf(answer, 'rejectedErrors');
  return Array.isArray(errors) ? errors[0] : undefined;
}

function aside(text: string): string {
  return text && ` (${text})`;
}

function nextOf(permanent: boolean, isLogin: boolean): string {
  if (permanent) return 'Mend the address, or what the server objects to.';
  return isLogin ? 'Mend the login of the transport; this is tried again.' : 'This is tried again.';
}

/** What the server said, in one short line; of an answer to a login only its status. */
function saidBy(response: unknown, isLogin: boolean, { address, transport }: Attempted): string {
  if (typeof response !== 'string') return '';
  if (isLogin) return STATUS.exec(response)?.[0] ?? '';
  return excerptOf(response, { address: `mailto:${encodeURIComponent(address)}`, secrets: secretsOf(transport) });
}

/** What the transport logs in with, as far as it can be seen: as it is, and as SMTP sends it; the longest first. */
function secretsOf(transport: unknown): readonly string[] {
  const secrets = [transport, propertyOf(transport, 'transporter')].flatMap((holder) => {
    const auth = propertyOf(propertyOf(holder, 'options'), 'auth');
    return [`\0${String(propertyOf(auth, 'user'))}\0${String(propertyOf(auth, 'pass'))}`, ...textsIn(auth, MAX_DEPTH)];
  });
  return secrets
    .flatMap((secret) => [secret, oneLine(secret), Buffer.from(secret).toString('base64')])
    .toSorted((a, b) => b.length - a.length);
}

function textsIn(value: unknown, depth: number): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null || depth === 0) return [];
  return Object.values(value).flatMap((inner) => textsIn(inner, depth - 1));
}

function textOf(value: unknown, key: string, pattern: RegExp): string {
  const found = propertyOf(value, key);
  return typeof found === 'string' && pattern.test(found) ? found : '';
}
