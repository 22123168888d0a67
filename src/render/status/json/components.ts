/**
 * Components and their groups as Statuspage lists them: a group is a component that has components.
 *
 * It never shows a group without components: the page may have chosen others.
 */
import type { PictureComponent, StatusPicture } from '../../../model/status.ts';
import { worstOf } from '../feed-words.ts';
import { iso, said } from './values.ts';

/** A component in the JSON. */
export type JsonComponent = Readonly<Record<string, unknown>> & { readonly id: string };

/** All in the order of the page: those without a group where they are, a group with all of its own where its first is. */
export function componentsOf(picture: StatusPicture): readonly JsonComponent[] {
  const groups = new Map(picture.groups.map((group) => [group.id, group]));
  // A group that the picture does not know is none.
  const families = Map.groupBy(picture.components, (component) => groups.get(component.group ?? '') ?? component);
  return [...families.values()].flatMap((members, index) => {
    const position = index + 1;
    const group = groups.get(members[0]?.group ?? '');
    if (group === undefined) return members.map((component) => componentOf(picture, component, { position }));
    const own = members.map((component, place) =>
      componentOf(picture, component, { position: place + 1, group: group.id }),
    );
    return [groupOf(picture, group, { position, members }), ...own];
  });
}

type Group = StatusPicture['groups'][number];

function componentOf(
  picture: StatusPicture,
  component: PictureComponent,
  { position, group }: { readonly position: number; readonly group?: string },
): JsonComponent {
  const changedAt = iso(component.since ?? picture.updatedAt);
  return {
    id: component.id,
    name: said(component.name),
    status: component.impact,
    created_at: changedAt,
    updated_at: changedAt,
    position,
    description: component.description === undefined ? null : said(component.description),
    showcase: component.uptime !== undefined,
    start_date: null,
    group_id: group === undefined ? null : jsonGroupId(group),
    page_id: picture.page.id,
    group: false,
    only_show_if_degraded: false,
  };
}

function groupOf(
  picture: StatusPicture,
  group: Group,
  { position, members }: { readonly position: number; readonly members: readonly PictureComponent[] },
): JsonComponent {
  const changedAt = iso(Math.max(...members.map(({ since }) => since ?? picture.updatedAt)));
  return {
    id: jsonGroupId(group.id),
    name: said(group.name),
    status: worstOf(members.map(({ impact }) => impact)),
    created_at: changedAt,
    updated_at: changedAt,
    position,
    description: group.description === undefined ? null : said(group.description),
    showcase: false,
    start_date: null,
    group_id: null,
    page_id: picture.page.id,
    group: true,
    only_show_if_degraded: false,
    components: members.map((component) => component.id),
  };
}

/** No id of ours has a tilde: no component can be taken for a group. */
function jsonGroupId(id: string): string {
  return `group~${id}`;
}
