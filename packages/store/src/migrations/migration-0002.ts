/** Migration 2: what many teams, several forges and their conversation need. */

import type { Migration } from './migration.ts';

const DELIVERIES = [
  // Comma before, between and after, so that one name is found whole.
  "alter table deliveries add column teams text not null default ''",
  "alter table deliveries add column forge text not null default 'github'",
  "alter table deliveries add column traceparent text not null default ''",
  "alter table deliveries add column secret_name text not null default ''",
  'alter table deliveries add column gap_filled integer not null default 0',
  'alter table deliveries add column outcome text',
  'alter table deliveries add column body_sha256 text',
  'alter table deliveries add column has_payload integer not null default 1',
  "update deliveries set has_payload = 0 where state = 'ignored'",
  // What lists filter by is in the index of their order: SQLite then passes by a row without reading its body.
  'drop index deliveries_by_seq',
  'create index deliveries_in_order on deliveries (seq, teams, repository, state)',
  'create index deliveries_with_payload on deliveries (seq) where has_payload = 1',
];

const RUNS = [
  "alter table runs add column apps text not null default ''",
  "alter table runs add column host text not null default ''",
  'alter table runs add column attempt integer not null default 1',
  "alter table runs add column traceparent text not null default ''",
  'alter table runs add column evidence text',
  'create index runs_by_team on runs (team, created_at, name)',
  'create index runs_by_state on runs (state, created_at, name)',
  'create index runs_by_pull_request on runs (lower(repository), pull_request)',
];

const PULL_REQUESTS = [
  `create table pull_requests (
    host text not null,
    repository text not null,
    number integer not null,
    head_sha text not null default '',
    base_ref text not null default '',
    author text not null default '',
    title text not null default '',
    from_fork integer not null default 0,
    draft integer not null default 0,
    state text not null default 'open' check (state in ('open', 'closed')),
    teams text not null default '',
    depends_on text not null default '',
    updated_at bigint not null default 0,
    held_by text,
    held_at bigint,
    approved_sha text,
    approved_by text,
    approved_at bigint,
    primary key (host, repository, number)
  )`,
  "create index pull_requests_with_dependencies on pull_requests (host) where depends_on <> '' and state = 'open'",
  "create index pull_requests_closed on pull_requests (updated_at) where state = 'closed'",
];

const REPORTS = [
  `create table reports (
    host text not null,
    repository text not null,
    pull_request integer not null,
    wanted_version bigint not null,
    shown_version bigint not null default 0,
    head_sha text not null,
    shown_head_sha text not null default '',
    check_id text,
    comment_id text,
    shown_hash text,
    shown_at bigint,
    attempts integer not null default 0,
    not_before bigint not null,
    requested_at bigint not null,
    owner text,
    lease_until bigint,
    last_error text,
    primary key (host, repository, pull_request)
  )`,
  'create index reports_due on reports (not_before) where shown_version < wanted_version',
  'create index reports_settled on reports (requested_at) where shown_version >= wanted_version',
];

const EVENTS = [
  'create table counters (name text primary key, value bigint not null)',
  "insert into counters (name, value) values ('events', 0)",
  `create table events (
    seq bigint primary key,
    id text not null unique,
    type text not null,
    subject text not null,
    team text not null,
    time bigint not null,
    data text not null
  )`,
  'create index events_by_time on events (time)',
];

const SERVICE = [
  'create table cursors (name text primary key, value text not null)',
  `create table audit (
    id text primary key,
    time bigint not null,
    caller text not null,
    action text not null,
    team text not null,
    subject text not null,
    outcome text not null check (outcome in ('allowed', 'refused', 'failed')),
    detail text not null
  )`,
  'create index audit_by_time on audit (time, id)',
  `create table idempotency_keys (
    caller text not null,
    key text not null,
    request_hash text not null,
    status integer,
    body text,
    created_at bigint not null,
    primary key (caller, key)
  )`,
  'create index idempotency_keys_by_time on idempotency_keys (created_at)',
];

const TEST_PLAN = [
  `create table test_plan_services (
    team text not null,
    stack text not null,
    service text not null,
    last_seen bigint not null,
    primary key (team, stack, service)
  )`,
  `create table test_plan_tests (
    team text not null,
    stack text not null,
    id text not null,
    type text not null,
    last_seen bigint not null,
    primary key (team, stack, id)
  )`,
  `create table test_plan_touches (
    team text not null,
    stack text not null,
    test text not null,
    service text not null,
    last_seen bigint not null,
    primary key (team, stack, test, service)
  )`,
  `create table test_plan_calls (
    team text not null,
    stack text not null,
    caller text not null,
    callee text not null,
    last_seen bigint not null,
    primary key (team, stack, caller, callee)
  )`,
];

export const migration0002: Migration = {
  number: 2,
  name: 'many-teams',
  statements: [...DELIVERIES, ...RUNS, ...PULL_REQUESTS, ...REPORTS, ...EVENTS, ...SERVICE, ...TEST_PLAN],
};
