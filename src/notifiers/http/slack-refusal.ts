/**
 * Slack's refusals: what an answer of one of Slack's methods says about trying again.
 *
 * Pure. It knows no method: whoever asks says which refusals are none.
 */
import { fieldOf } from './json-answer.ts';

// Of Slack's some hundred codes those that call something wrong, missing, forbidden or over: they stay true.
const PERMANENT =
  /not_|^(?:no|cant|cannot|invalid|missing|msg|metadata)_|denied|disabled|inactive|closed|archived|restricted|deprecated|revoked|expired|setup_required/;

/** Whether `answer` refuses for good (`true`), for now (`false`) or not at all (`undefined`); the codes in `accepted` do not. */
export function slackRefusal(answer: string, accepted: readonly string[] = []): boolean | undefined {
  if (fieldOf(answer, ['ok']) === true) return undefined;
  const code = String(fieldOf(answer, ['error']));
  return accepted.includes(code) ? undefined : PERMANENT.test(code);
}
