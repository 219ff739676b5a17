/** Varies a delay at random, so that many screens do not call a restarted server at the same moment. */
export function jitter(milliseconds: number, share = 0.2): number {
  return milliseconds * (1 - share + 2 * share * Math.random());
}
