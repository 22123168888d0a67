/**
 * The actions of a tenant: how answers come back from anywhere.
 *
 * Each method a line; what it does is in redeem.ts and answer.ts.
 */
import { type AnswerInput, answer } from './answer.ts';
import type { Engine } from './engine.ts';
import { type ActionPreview, type Answered, peek, type RedeemOptions, redeem } from './redeem.ts';

/** Answers to messages: from links and buttons by their token, from everywhere else by whoever answers. */
export type ActionsApi = {
  /**
   * Does what the token of a link or a button says, once.
   *
   * @throws TocsinError ACTION_REFUSED with `details.why`; the commands of incidents say what else may be wrong, such as
   * INVALID_TRANSITION when the incident does not take it any more.
   */
  redeem(token: string, options?: RedeemOptions): Promise<Answered>;
  /**
   * What the token would do. It changes nothing, so that a page may be shown to whatever opens the link.
   *
   * @throws TocsinError ACTION_REFUSED with `details.why`.
   */
  peek(token: string): Promise<ActionPreview>;
  /**
   * Does what somebody replies, presses on the phone, or types. Verify first that it comes from the provider.
   *
   * @throws TocsinError ACTION_REFUSED with `details.why`; when that is `ambiguous`, `details.choices` lists the incidents that
   * wait, each with its title and the code of its message.
   */
  answer(input: AnswerInput): Promise<Answered>;
};

/** The actions of `tenant`. */
export function actionsApi(engine: Engine, tenant: string): ActionsApi {
  return {
    redeem: (token, options = {}) => redeem(engine, tenant, token, options),
    peek: (token) => peek(engine, tenant, token),
    answer: (input) => answer(engine, tenant, input),
  };
}
