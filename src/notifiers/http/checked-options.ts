/**
 * Options that several notifiers over HTTP take, read and refused in one voice.
 *
 * It never repeats what was given, which may hold a secret.
 */
import { TocsinError } from '../../errors.ts';

/** The refusal of the option `name`, to be thrown. */
export function refusedOption(name: string, message: string): TocsinError {
  return new TocsinError('INPUT_INVALID', message, { details: { problems: [{ path: `/${name}`, message }] } });
}

/**
 * The address of an API as it is put before a path: without a slash at its end.
 *
 * @throws TocsinError INPUT_INVALID when it is no http or https address, or has credentials, a query or a fragment.
 */
export function readBaseUrl(baseUrl: unknown): string {
  const url = typeof baseUrl === 'string' && URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:';
  if (url !== undefined && isWeb && url.search + url.hash + url.username + url.password === '') {
    return url.href.replace(/\/+$/, '');
  }
  throw refusedOption(
    'baseUrl',
    'The `baseUrl` must be a URL of http or https without credentials, query and fragment.',
  );
}

/** Who is behind an address that is a URL; an empty text when it is none. */
export function originOf(address: string): string {
  return URL.canParse(address) ? new URL(address).origin : '';
}
