/**
 * Dated: rows as hosts see them. Inside, instants are epoch ms named `...At`; at the API they are dates.
 */

/** `T` with the instants `K` as dates. */
export type Dated<T, K extends keyof T> = {
  readonly [P in keyof T]: P extends K ? Exclude<T[P], number> | Date : T[P];
};

/** `row` with the instants named by `keys` as dates; what is absent stays absent. */
export function dated<T extends object, K extends keyof T>(row: T, keys: readonly K[]): Dated<T, K> {
  const instants = keys.flatMap((key) => (typeof row[key] === 'number' ? [[key, new Date(row[key])]] : []));
  return { ...row, ...Object.fromEntries(instants) } as Dated<T, K>;
}
