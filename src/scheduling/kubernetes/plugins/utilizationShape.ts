/** A corner of a piecewise linear function: a score for a utilisation in percent. */
export interface ShapePoint {
  readonly utilization: number;
  readonly score: number;
}

/** The function through those corners (by rising utilisation), level outside them, truncated to whole numbers between them. */
export function shapeScore(points: readonly ShapePoint[], utilization: number): number {
  let left: ShapePoint | undefined;
  for (const right of points) {
    if (utilization <= right.utilization) {
      if (left === undefined) return right.score;
      const rise = (right.score - left.score) * (utilization - left.utilization);
      return left.score + Math.trunc(rise / (right.utilization - left.utilization));
    }
    left = right;
  }
  return left?.score ?? 0;
}
