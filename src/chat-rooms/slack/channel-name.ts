/**
 * Channel names: what Slack allows, and what makes a channel one incident's own.
 *
 * The same name and key always give the same channel name, and no two keys share one: so a channel whose making was not
 * confirmed is found again. It never holds anything but `a-z`, `0-9`, `-` and `_`.
 *
 * @see https://docs.slack.dev/reference/methods/conversations.create#naming
 */
import { createHash } from 'node:crypto';
import { cutUnits } from '../../core/text/cut-units.ts';

const MAX_NAME = 80;
/** So many characters of 36 tell channels of one name apart: one pair in two thousand million meets. */
const MARK = 6;
const SEEN = 1_000;

/** `wanted` as Slack writes names, and six characters that stand for `key`. */
export function channelName(wanted: string, key: string): string {
  const plain = cutUnits(wanted, SEEN)
    .normalize('NFKD')
    // What has two letters only as capitals, such as ß, keeps both.
    .toUpperCase()
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9_-]+/g, '-')
    .replace(/-{2,}/g, '-')
    .slice(0, MAX_NAME - MARK - 1)
    .replace(/^[-_]+|[-_]+$/g, '');
  return `${plain || 'incident'}-${markOf(key)}`;
}

function markOf(key: string): string {
  const digest = createHash('sha256').update(key).digest('hex').slice(0, 12);
  return Number.parseInt(digest, 16).toString(36).padStart(MARK, '0').slice(-MARK);
}
