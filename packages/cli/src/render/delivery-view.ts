/** createDeliveryView: a delivery as a line of `webhook list`. */

import type { Delivery } from '../orchestrator/delivery.ts';
import { renderDuration, spanOf } from './duration.ts';
import type { ObjectView } from './objects.ts';

/** Ages are counted to `nowMs`. */
export function createDeliveryView(nowMs: number): ObjectView<Delivery> {
  return {
    nameOf: (delivery) => nameOfDelivery(delivery),
    headings: ['ID', 'EVENT', 'SUBJECT', 'STATE', 'DECISION', 'RUNS', 'AGE'],
    row: (delivery) => [
      delivery.host === 'github.com' ? delivery.id : nameOfDelivery(delivery),
      delivery.action === '' ? delivery.event : `${delivery.event}.${delivery.action}`,
      subjectOf(delivery),
      delivery.state,
      delivery.reason ?? delivery.decision.kind,
      delivery.decision.targets.flatMap(({ run }) => run ?? []).join(',') || '-',
      renderAge(delivery.received, nowMs),
    ],
    wideHeadings: ['HOST', 'TEAMS', 'ATTEMPTS', 'REPLAYABLE'],
    wideRow: ({ host, decision, attempts, replayable }) => [
      host === '' ? '-' : host,
      [...new Set(decision.targets.map(({ team }) => team))].join(',') || '-',
      String(attempts),
      replayable ? 'yes' : 'no',
    ],
  };
}

/** As `webhook show` and its siblings take it. */
export function nameOfDelivery({ host, id }: Pick<Delivery, 'host' | 'id'>): string {
  return `${host === '' ? '-' : host}/${id}`;
}

/** `owner/name#7` where it is about a pull request. */
function subjectOf({ host, repository, subject }: Delivery): string {
  if (subject.startsWith(`${host}/`) && host !== '') return subject.slice(host.length + 1);
  return repository === '' ? '-' : repository;
}

function renderAge(time: string, nowMs: number): string {
  const spanMs = spanOf(time, undefined, nowMs);
  return spanMs === undefined ? '-' : renderDuration(spanMs);
}
