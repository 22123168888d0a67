/**
 * tocsin.statusPage: what people who are not responding see, and how it is said otherwise for a while.
 *
 * Each method a line. A page that is not open shows itself only to those whom the host lets in.
 */
import * as z from 'zod';
import { TocsinError } from '../errors.ts';
import { type Actor, idSchema } from '../model/identity.ts';
import type { StatusPage, StatusPicture } from '../model/status.ts';
import { authorize } from './authorize.ts';
import type { Engine } from './engine.ts';
import { actorOf, checkShape } from './input.ts';
import { by } from './input-parts.ts';
import {
  cancelStatusOverride,
  type ListedStatusOverride,
  listedOverride,
  OVERRIDES,
  overrideStatus,
  readOverrides,
  type StatusOverrideInput,
} from './status-overrides.ts';
import { configOf } from './tenant-config.ts';
import { reaching } from './transact.ts';

/** Which page is asked for, and by whom. */
export type StatusPageOptions = {
  /** Default: the first page of the configuration. */
  readonly page?: string;
  /** Who asks. Needed by a page that is not open. */
  readonly as?: string | Actor;
};

/** What people who are not responding see. */
export type StatusPageApi = {
  /**
   * Everything that a page shows now: hand it to `statusResponse` of `tocsin/render`, or draw your own. When the storage
   * cannot be reached it is what was shown last, with `stale`; it is then as old as its `at` says.
   *
   * @throws TocsinError STATUS_PAGE_NOT_FOUND; NOT_AUTHORIZED when the page is not open to `as`; STORAGE_UNAVAILABLE when
   * nothing was shown yet.
   */
  picture(options?: StatusPageOptions): Promise<StatusPicture>;
  /**
   * Says how a component works, whatever its incidents say, until a moment within 30 days.
   *
   * @throws TocsinError REFERENCE_UNKNOWN or INPUT_INVALID, naming the field.
   */
  override(input: StatusOverrideInput): Promise<ListedStatusOverride>;
  /**
   * Takes an override back: one that has begun ends now, one that has not goes.
   *
   * @throws TocsinError OVERRIDE_NOT_FOUND; INVALID_TRANSITION when it has ended.
   */
  cancelOverride(id: string, input: { readonly by: string | Actor }): Promise<ListedStatusOverride>;
  /** Those that are stored, in the order in which they were made; the ones that have ended among them. */
  overrides(): Promise<readonly ListedStatusOverride[]>;
};

const OPTIONS = z.strictObject({ page: idSchema.optional(), as: by.optional() });

/** The status pages of one tenant. */
export function statusPageApi(engine: Engine, tenant: string): StatusPageApi {
  return {
    picture: async (options = {}) => {
      const { page: id, as } = checkShape('show a status page', OPTIONS, options);
      const page = pageOf(engine, tenant, id);
      if (isGuarded(page)) await letIn(engine, { tenant, page: page.id }, as);
      return engine.pictures.show({ tenant, page: page.id });
    },
    override: (input) => overrideStatus(engine, tenant, input),
    cancelOverride: (id, input) => cancelStatusOverride(engine, tenant, id, input),
    overrides: async () => {
      await engine.ready();
      const { documents } = await reaching(() => engine.load({ tenant, documents: [OVERRIDES] }));
      return readOverrides(documents[0]?.data).map(listedOverride);
    },
  };
}

/** An internal page is never open, whatever its `access` says. */
function isGuarded({ access, audience }: StatusPage): boolean {
  return access === 'authorized' || audience === 'internal';
}

function pageOf(engine: Engine, tenant: string, id: string | undefined): StatusPage {
  const { pages } = configOf(engine, tenant).config.status;
  const page = id === undefined ? pages[0] : pages.find((one) => one.id === id);
  if (page !== undefined) return page;
  const known = pages.map((one) => one.id).join(', ');
  throw new TocsinError(
    'STATUS_PAGE_NOT_FOUND',
    `Cannot show ${id === undefined ? 'the status page' : `status page ${id}`}: the configuration has ${known === '' ? 'none' : `only ${known}`}.`,
    { details: { tenant, ...(id !== undefined && { page: id }) } },
  );
}

/** Where the host decides nothing, nobody is let in. */
async function letIn(
  engine: Engine,
  resource: { readonly tenant: string; readonly page: string },
  as: string | Actor | undefined,
): Promise<void> {
  const refused = (why: string) =>
    new TocsinError('NOT_AUTHORIZED', `Cannot show status page ${resource.page}: ${why}.`, { details: resource });
  if (as === undefined) throw refused('it is not open; say who asks, with `as`');
  if (engine.authorize === undefined)
    throw refused('it is not open, and `authorize` was not given to createTocsin to say who may see it');
  await authorize(engine, actorOf(as), 'statusPage.view', resource);
}
