/**
 * Options that several notifiers over HTTP take, read and refused in one voice.
 *
 * It never repeats what was given, which may hold a secret.
 */
import { TocsinError } from '../../errors.ts';

/** The refusal of the option `name` (of one within another: `rest/token`), to be thrown. */
export function refusedOption(name: string, message: string): TocsinError {
  return new TocsinError('INPUT_INVALID', message, { details: { problems: [{ path: `/${name}`, message }] } });
}

/** The refusal of the option `name`, which is not what is `needed`. */
export function malformedOption(name: string, needed: string): TocsinError {
  return refusedOption(name, `The \`${name}\` must be ${needed}.`);
}

/**
 * The address of an API, which the option `name` gives, as it is put before a path: without a slash at its end.
 *
 * @throws TocsinError INPUT_INVALID when it is no http or https address, or has credentials, a query or a fragment.
 */
export function readBaseUrl(baseUrl: unknown, name = 'baseUrl'): string {
  const url = typeof baseUrl === 'string' && URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:';
  if (url !== undefined && isWeb && url.search + url.hash + url.username + url.password === '') {
    // Not `href`, where an empty query would leave its question mark.
    return (url.origin + url.pathname).replace(/\/+$/, '');
  }
  throw malformedOption(name, 'a URL of http or https without credentials, query and fragment');
}

/** Whether `value` is a text of the shape `pattern`. */
export function isLike(pattern: RegExp, value: unknown): value is string {
  return typeof value === 'string' && pattern.test(value);
}

/** Who is behind an address that is a URL; an empty text when it is none. */
export function originOf(address: string): string {
  return URL.canParse(address) ? new URL(address).origin : '';
}
