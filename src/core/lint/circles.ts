/**
 * Circles: the points of a graph that lead back to themselves.
 *
 * Pure. Each is found once, in time in proportion to the graph, and a path of any length is walked without recursion.
 *
 * @see Tarjan, Depth-first search and linear graph algorithms, 1972
 */

/** The sets of points of which each leads to each other, and single ones that lead to themselves; ascending. */
export function circlesOf(next: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const order: number[] = [];
  const lowest: number[] = [];
  const isOpen: boolean[] = [];
  const open: number[] = [];
  const found: number[][] = [];
  let count = 0;

  const enter = (point: number) => {
    order[point] = count;
    lowest[point] = count;
    count += 1;
    open.push(point);
    isOpen[point] = true;
  };

  const leave = (point: number) => {
    if (lowest[point] !== order[point]) return;
    const members = open.splice(open.lastIndexOf(point));
    for (const member of members) isOpen[member] = false;
    if (members.length > 1 || next[point]?.includes(point)) found.push(members.sort((a, b) => a - b));
  };

  const lower = (point: number, to: number) => {
    lowest[point] = Math.min(lowest[point] ?? to, to);
  };

  for (const start of next.keys()) {
    if (order[start] !== undefined) continue;
    enter(start);
    const walk = [{ point: start, edge: 0 }];
    for (let here = walk.at(-1); here !== undefined; here = walk.at(-1)) {
      const to = next[here.point]?.[here.edge];
      here.edge += 1;
      if (to === undefined) {
        walk.pop();
        const before = walk.at(-1);
        if (before !== undefined) lower(before.point, lowest[here.point] ?? 0);
        leave(here.point);
      } else if (order[to] === undefined) {
        enter(to);
        walk.push({ point: to, edge: 0 });
      } else if (isOpen[to]) lower(here.point, order[to] ?? 0);
    }
  }
  return found.sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
}
