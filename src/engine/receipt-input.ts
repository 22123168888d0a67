/**
 * Receipt input: what a provider tells, as it may be handed over.
 *
 * Only its shape; whether there is such a delivery is not known here.
 */
import * as z from 'zod';
import { TocsinError } from '../errors.ts';

/** What a provider tells. */
export type ReceiptInput = {
  /** The delivery it is about. */
  readonly deliveryId?: string | undefined;
  /** Or what the provider calls it, and the notifier that sent it. */
  readonly externalId?: string | undefined;
  readonly notifier?: string | undefined;
  readonly status: 'delivered' | 'read' | 'failed';
  /** Why it failed. */
  readonly error?: string | undefined;
};

const name = z.string().min(1).max(1_024);
const inputSchema = z
  .strictObject({
    deliveryId: name.optional(),
    externalId: name.optional(),
    notifier: name.optional(),
    status: z.enum(['delivered', 'read', 'failed']),
    error: z.string().max(10_000).optional(),
  })
  .refine(
    ({ deliveryId, externalId, notifier }) =>
      (deliveryId === undefined) === (externalId !== undefined && notifier !== undefined),
    {
      message: 'name the delivery by `deliveryId`, or by `externalId` together with `notifier`',
    },
  );

/** What was handed over, checked. */
export type CheckedReceipt = z.infer<typeof inputSchema>;

/**
 * The receipt in `input`.
 *
 * @throws TocsinError INPUT_INVALID when it names no delivery, or is none.
 */
export function checkReceipt(input: unknown): CheckedReceipt {
  const parsed = inputSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw invalid(parsed.error);
}

function invalid(error: z.ZodError): TocsinError {
  const problems = error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  const shown = problems.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');
  return new TocsinError('INPUT_INVALID', `Cannot keep this receipt: ${shown}.`, { details: { problems } });
}
