/**
 * Saboteurs: storages that break one promise each, one or more for every promise of the storage port.
 */
import { ALERT_SABOTEURS } from './alert-saboteurs.ts';
import { CARRIED_SABOTEURS } from './carried-saboteurs.ts';
import { DELIVERY_SABOTEURS } from './delivery-saboteurs.ts';
import { HELD_SABOTEURS } from './held-saboteurs.ts';
import { LIFE_SABOTEURS } from './life-saboteurs.ts';
import { OF_NONE_SABOTEURS } from './of-none-saboteurs.ts';
import { READ_SABOTEURS } from './read-saboteurs.ts';
import { RECEIPT_SABOTEURS } from './receipt-saboteurs.ts';
import type { Saboteur } from './saboteur.ts';
import { UNREADABLE_SABOTEURS } from './unreadable-saboteurs.ts';
import { WORK_SABOTEURS } from './work-saboteurs.ts';
import { WRITE_SABOTEURS } from './write-saboteurs.ts';

/** Every saboteur of a storage. */
export const STORAGE_SABOTEURS: readonly Saboteur[] = [
  ...WRITE_SABOTEURS,
  ...ALERT_SABOTEURS,
  ...WORK_SABOTEURS,
  ...DELIVERY_SABOTEURS,
  ...READ_SABOTEURS,
  ...LIFE_SABOTEURS,
  ...UNREADABLE_SABOTEURS,
  ...OF_NONE_SABOTEURS,
  ...CARRIED_SABOTEURS,
  ...RECEIPT_SABOTEURS,
  ...HELD_SABOTEURS,
];
