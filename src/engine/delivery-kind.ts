/**
 * Kinds of deliveries: which ask somebody for an answer, and which bring something up to date.
 */
import type { StoredDelivery } from '../model/delivery.ts';
import type { PagePurpose } from '../model/page.ts';

const PAGES: readonly string[] = ['step', 'fallback', 'reminder', 'responder', 'handoff'] satisfies PagePurpose[];

/** A delivery of a page: somebody is to answer it. */
export type PageDelivery = StoredDelivery & { readonly purpose: PagePurpose; readonly incidentId: string };

/** Whether a delivery belongs to a page, and not to a notice or the like. */
export function isPage(delivery: StoredDelivery): delivery is PageDelivery {
  return delivery.incidentId !== undefined && PAGES.includes(delivery.purpose);
}

/** The number of no page: what bears it is taken back by nothing that ends one. */
export const OF_NO_PAGE = 2_147_483_647;

/** Whether the delivery changes a message that was sent, or an incident of another platform. */
export function bringsUp({ purpose }: Pick<StoredDelivery, 'purpose'>): boolean {
  return purpose === 'update' || purpose === 'mirror';
}
