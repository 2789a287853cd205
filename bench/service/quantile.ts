/** quantile: the value below which a share of the samples lies, in the samples' unit, to a thousandth. */

/** `sorted` rises; 0 when it is empty. */
export function quantile(sorted: Float64Array, share: number): number {
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return Math.round(value * 1_000) / 1_000;
}
