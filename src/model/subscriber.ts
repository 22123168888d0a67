/**
 * Subscribers: who hears of updates without responding, and what their links say.
 *
 * The shape only; how a link is signed is in interactions/subscription-token.ts, what follows from it in the engine.
 */
import * as z from 'zod';
import { conditionSchema } from './condition.ts';
import { idSchema } from './identity.ts';
import { audienceSchema } from './status.ts';

/** Of what a subscriber wants to hear. */
export const subscriptionWishesSchema = z.strictObject({
  when: conditionSchema.optional().describe('Only updates like these. Default: all.'),
  components: z.array(idSchema).min(1).max(1_000).optional().describe('Only what touches one of these. Default: all.'),
  from: idSchema.optional().describe('The least severe level of which they want to hear. Default: every.'),
  locale: z.string().min(2).max(35).optional().describe('The language of what Tocsin says beside the update.'),
});

/** An address, and the notifier that reaches it. */
export const subscriberAddressSchema = z.strictObject({
  notifier: idSchema,
  address: z.string().trim().min(1).max(1_024),
});

/** What is stored of a subscriber. Moments are epoch ms. */
export const storedSubscriberSchema = z.looseObject({
  ...subscriberAddressSchema.shape,
  ...subscriptionWishesSchema.shape,
  id: idSchema,
  audience: audienceSchema,
  user: idSchema.optional(),
  createdAt: z.number(),
  confirmedAt: z.number().optional(),
  /** What they asked for and have not confirmed yet. */
  pending: z
    .object({
      nonce: z.string(),
      wishes: subscriptionWishesSchema,
      until: z.number(),
      /** When they were asked to confirm, of late. */
      sentAt: z.array(z.number()),
    })
    .optional(),
  /** How many messages in a row could not be delivered for good, and since when there were too many. */
  failures: z.number().int().optional(),
  failingAt: z.number().optional(),
});

/** Of what a subscriber wants to hear. */
export type SubscriptionWishes = z.infer<typeof subscriptionWishesSchema>;
/** What is stored of a subscriber. */
export type StoredSubscriber = z.infer<typeof storedSubscriberSchema>;

/** What a link of a subscriber does. */
export type SubscriptionAction = 'confirm' | 'unsubscribe';

/** What such a link says. */
export type SubscriptionClaims = {
  readonly action: SubscriptionAction;
  readonly tenant: string;
  readonly subscriber: string;
  /** Of a confirmation: which request it confirms. */
  readonly nonce?: string;
  /** Epoch ms; absent when it counts for ever. */
  readonly expiresAt?: number;
};

/** What reading such a link gives. A forged one is never called expired: its moment is not believed. */
export type SubscriptionTokenOutcome =
  | { readonly ok: true; readonly claims: SubscriptionClaims }
  | { readonly ok: false; readonly code: 'malformed' | 'forged' | 'expired'; readonly reason: string };
