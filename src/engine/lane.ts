/**
 * Lanes: announcements go their own way beside pages, through the same notifiers and never in their place.
 *
 * Only the name says which lane a delivery is in. No contact can name one: a name of a configuration has no `~`.
 */

const MARK = '~';

/** The lane of announcements of the notifier `name`. */
export function announcing(name: string): string {
  return `${MARK}${name}`;
}

/** Whether `name` is that of a lane of announcements. */
export function isAnnouncing(name: string): boolean {
  return name.startsWith(MARK);
}

/** The notifier that carries what is in the lane `name`, or in none. */
export function withoutLane(name: string): string {
  return isAnnouncing(name) ? name.slice(MARK.length) : name;
}
