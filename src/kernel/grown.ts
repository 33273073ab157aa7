/** A column with room for more, its values kept. */
export function grownInts(column: Int32Array, length: number): Int32Array {
  const bigger = new Int32Array(length);
  bigger.set(column);
  return bigger;
}

/** A column with room for more, its values kept. */
export function grownFloats(column: Float64Array, length: number): Float64Array {
  const bigger = new Float64Array(length);
  bigger.set(column);
  return bigger;
}
