/** Migration 1: deliveries and runs. SQLite knows no `bytea`, and takes any name: the column then keeps blobs as they are. */

import type { Migration } from './migration.ts';

export const migration0001: Migration = {
  number: 1,
  name: 'deliveries-and-runs',
  statements: [
    `create table deliveries (
      host text not null,
      id text not null,
      seq bigint not null,
      event text not null,
      action text not null,
      repository text not null,
      subject text not null,
      occurred_at bigint not null,
      received_at bigint not null,
      headers text not null,
      body bytea not null,
      state text not null check (state in ('pending', 'claimed', 'done', 'failed', 'ignored')),
      decision text not null,
      reason text,
      attempts integer not null default 0,
      not_before bigint not null,
      owner text,
      lease_until bigint,
      finished_at bigint,
      primary key (host, id)
    )`,
    'create index deliveries_by_seq on deliveries (seq)',
    "create index deliveries_open on deliveries (seq) where state in ('pending', 'claimed')",
    "create index deliveries_open_by_subject on deliveries (subject, seq) where state in ('pending', 'claimed')",
    'create index deliveries_by_subject on deliveries (subject, occurred_at)',
    `create table runs (
      namespace text not null,
      name text not null,
      pipeline text not null,
      mode text not null,
      team text not null,
      stack text not null,
      app text not null,
      repository text not null,
      pull_request integer,
      sha text not null,
      delivery text not null,
      state text not null check (state in ('pending', 'running', 'succeeded', 'failed', 'cancelled')),
      reason text not null,
      created_at bigint not null,
      started_at bigint,
      finished_at bigint,
      primary key (namespace, name)
    )`,
    'create index runs_by_created on runs (created_at, name)',
    "create index runs_open on runs (namespace, name) where state in ('pending', 'running')",
  ],
};
