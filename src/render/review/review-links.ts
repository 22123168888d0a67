/**
 * Links of a review: where the host shows incidents, and the picture of this one.
 *
 * It never invents an address: without a template there is none.
 */

/** Where things are found. Addresses of the host. */
export type ReviewLinks = {
  /** Where an incident is shown, with `{id}` for its id: `https://ops.example/incidents/{id}`. */
  readonly incident?: string;
  /** Where the SVG of {@link incidentPicture} is found. Markdown shows it; a page of HTML has it in it. */
  readonly picture?: string;
};

/** The address of an incident, if the host has one for it. */
export function incidentAddress({ incident }: ReviewLinks, id: string): string | undefined {
  return incident?.replaceAll('{id}', () => encodeURIComponent(id.toWellFormed()));
}
