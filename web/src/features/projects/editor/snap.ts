/**
 * The target that a time snaps to: the nearest one within reach; null if there is none.
 *
 * @param reach In seconds: a few pixels at the present zoom.
 */
export function snapTo(seconds: number, targets: readonly number[], reach: number): number | null {
  let found: number | null = null;
  for (const target of targets)
    if (
      Math.abs(target - seconds) <= reach &&
      (found === null || Math.abs(target - seconds) < Math.abs(found - seconds))
    )
      found = target;
  return found;
}
