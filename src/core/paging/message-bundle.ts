/**
 * Bundles: several pages in one message, high urgency first.
 *
 * Pure. It lists everything that it is given up to a bound that no phone could show; it never drops one silently.
 */
import type { BundledMessage, BundleItem, MessagePurpose } from '../../model/message.ts';
import { boundedLine } from '../text/bounded.ts';
import { actionsFor } from './message-actions.ts';
import { kindOf, titleOfKind } from './message-kind.ts';
import { factsInOne } from './message-lines.ts';
import { fillText, type LocalTexts } from './message-texts.ts';

const MAX_ITEMS = 200;

/** What a bundle is told in. */
export type BundleWorld = {
  readonly purpose: MessagePurpose;
  /** Epoch ms. */
  readonly sentAt: number;
  readonly local: LocalTexts;
};

/** `items` as they are shown, and a sentence about those that are too many. */
export function bundleOf(
  items: readonly BundleItem[],
  { purpose, sentAt, local }: BundleWorld,
): { readonly bundle: readonly BundledMessage[]; readonly lines: readonly string[] } {
  const urgent = items.filter(({ urgency }) => urgency === 'high');
  const others = items.filter(({ urgency }) => urgency !== 'high');
  const left = items.length - MAX_ITEMS;
  return {
    bundle: [...urgent, ...others].slice(0, MAX_ITEMS).map((item) => bundled(item, { purpose, sentAt, local })),
    lines: left > 0 ? [fillText(local.texts.more, { n: left })] : [],
  };
}

function bundled(item: BundleItem, { purpose, sentAt, local }: BundleWorld): BundledMessage {
  const { deliveryId, incidentId, urgency, since } = item;
  const why = item.purpose ?? purpose;
  const severity = item.severity === undefined ? undefined : boundedLine(item.severity);
  const service =
    item.service === undefined ? undefined : { id: item.service.id, name: boundedLine(item.service.name) };
  const line = factsInOne({ severity, service: service?.name, since, sentAt }, local);
  return {
    deliveryId,
    purpose: why,
    ...(incidentId !== undefined && { incidentId }),
    ...kindOf(item.kind),
    title: titleOfKind(item.kind, boundedLine(item.title), local),
    ...(severity !== undefined && { severity }),
    urgency,
    ...(service !== undefined && { service }),
    ...(since !== undefined && { since }),
    ...(line !== undefined && { line }),
    actions: incidentId === undefined ? [] : actionsFor(why, local),
  };
}
