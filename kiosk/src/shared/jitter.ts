/** Spreads many screens out in time, so that a server that comes back is not met by all at once. */
export function jitter(milliseconds: number, share = 0.2): number {
  return milliseconds * (1 - share + 2 * share * Math.random());
}
