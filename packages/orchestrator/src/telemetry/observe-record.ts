/** createRecordObserver: tells the event log and the metrics what a run record says. */

import { parseImages, RUN_RECORD_KEYS } from '@tekton-dag/model';
import type { RunRow } from '@tekton-dag/store';
import type { Parts } from '../start/parts.ts';
import { recordEvents } from './record-events.ts';

/** `record` is the data of the run record. */
export type ObserveRecord = (run: RunRow, record: Readonly<Record<string, string>>) => Promise<void>;

/** Call it once for a run that ended; again is no harm but to the count of apps. Rejects with a StoreError. */
export function createRecordObserver({ store, metrics }: Pick<Parts, 'store' | 'metrics'>): ObserveRecord {
  return async (run, record) => {
    for (const event of recordEvents(run, record)) {
      if ((await store.events.append(event)) !== undefined) metrics.events.inc({ outcome: 'stored' });
    }
    const images = parseImages(record[RUN_RECORD_KEYS.images] ?? '{}');
    if (!images.ok) return;
    for (const { reused } of Object.values(images.value))
      metrics.plannedApps.inc({ outcome: reused ? 'reused' : 'built' });
  };
}
