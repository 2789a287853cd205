/** Buckets of waits that may take milliseconds or hours; seconds. */

export const WAIT_BUCKETS_S = [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 1_800, 7_200];
