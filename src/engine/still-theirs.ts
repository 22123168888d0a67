/**
 * Whether a contact that somebody has added is still theirs when something is to be sent to it.
 */
import type { StoredDelivery } from '../model/delivery.ts';
import { CONTACTS, isStillTheirs, readContacts } from './contacts-document.ts';
import type { Engine } from './engine.ts';
import { reaching } from './transact.ts';

/** Whether it is; what cannot be read takes it from nobody. */
export async function isTheirs(engine: Engine, delivery: StoredDelivery): Promise<boolean> {
  const { tenant } = delivery;
  const { documents } = await reaching(() => engine.storage.load({ tenant, documents: [CONTACTS] }));
  const rows = readContacts(documents[0]?.data);
  return documents.length === 0 ? false : rows === undefined || isStillTheirs(rows, delivery);
}
