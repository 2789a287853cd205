/** What GitHub and Gitea have in common of pull requests and comments, as routes of a fake forge. */

import type { FakeAnswer, FakeHandler, FakeRequest, FakeRoute } from './fake-http.ts';
import { pullRequestKey, type ForgeWorld, type WorldComment, type WorldPullRequest } from './forge-world.ts';

/** GitHub docs, "Create an issue comment": longer bodies are refused. */
const MAX_COMMENT_LENGTH = 65_536;

/** `base` stands before every path; `self` is the login that comments are written by. */
export function worldRoutes(
  world: ForgeWorld,
  { base, self, htmlUrl }: { readonly base: string; readonly self: string; readonly htmlUrl: string },
): readonly FakeRoute[] {
  const repo = `${base}/repos/:owner/:name`;
  const route = (method: string, path: string, handle: FakeHandler): FakeRoute => ({
    method,
    pattern: `${repo}${path}`,
    handle,
  });
  return [
    route('GET', '/pulls/:number', (request) => {
      const found = findPullRequest(world, request);
      return found === undefined ? notFound() : { status: 200, body: pullRequestBody(found, htmlUrl) };
    }),
    route('GET', '/pulls/:number/files', (request) => {
      const found = findPullRequest(world, request);
      if (found === undefined) return notFound();
      return page(
        request,
        found.files.map((filename) => ({ filename, status: 'modified' })),
      );
    }),
    route('GET', '/issues/:number/comments', (request) =>
      page(request, world.commentsOf(nameOf(request), Number(request.params['number'])).map(commentBody)),
    ),
    route('POST', '/issues/:number/comments', (request) => {
      const body = textOf(request, 'body');
      if (body.length > MAX_COMMENT_LENGTH) return invalid('body is too long');
      const pullRequest = Number(request.params['number']);
      const id = world.nextId();
      const comment = { id, repository: nameOf(request), pullRequest, author: self, body, versions: 1 };
      world.comments.push(comment);
      return { status: 201, body: commentBody(comment) };
    }),
    route('PATCH', '/issues/comments/:id', (request) => {
      const index = world.comments.findIndex(({ id }) => String(id) === request.params['id']);
      const before = world.comments[index];
      if (before === undefined) return notFound();
      const body = textOf(request, 'body');
      if (body.length > MAX_COMMENT_LENGTH) return invalid('body is too long');
      const after = { ...before, body, versions: before.versions + 1 };
      world.comments[index] = after;
      return { status: 200, body: commentBody(after) };
    }),
  ];
}

export function nameOf({ params }: FakeRequest): string {
  return `${params['owner'] ?? ''}/${params['name'] ?? ''}`;
}

export function notFound(): FakeAnswer {
  return { status: 404, body: { message: 'Not Found' } };
}

export function invalid(message: string): FakeAnswer {
  return { status: 422, body: { message: `Validation Failed: ${message}` } };
}

/** A text of the body; empty where there is none. */
export function textOf({ body }: FakeRequest, name: string): string {
  const value: unknown =
    typeof body === 'object' && body !== null && name in body ? Reflect.get(body, name) : undefined;
  return typeof value === 'string' ? value : '';
}

/** By `page` and `per_page` (Gitea: `limit`). */
export function page(request: FakeRequest, all: readonly unknown[]): FakeAnswer {
  const size = Number(request.query.get('per_page') ?? request.query.get('limit') ?? 30);
  const start = (Number(request.query.get('page') ?? 1) - 1) * size;
  return { status: 200, body: all.slice(start, start + size) };
}

function findPullRequest(world: ForgeWorld, request: FakeRequest): WorldPullRequest | undefined {
  return world.pullRequests.get(pullRequestKey(nameOf(request), Number(request.params['number'])));
}

function pullRequestBody(pullRequest: WorldPullRequest, htmlUrl: string): object {
  const { repository, number, headRepository, author } = pullRequest;
  const head = headRepository === null ? null : { full_name: headRepository };
  return {
    number,
    state: pullRequest.state,
    title: pullRequest.title,
    body: pullRequest.body,
    draft: pullRequest.draft,
    merged: pullRequest.merged,
    merge_commit_sha: pullRequest.mergeSha,
    updated_at: pullRequest.updatedAt,
    user: { login: author, type: author.endsWith('[bot]') ? 'Bot' : 'User' },
    labels: pullRequest.labels.map((name) => ({ name })),
    head: { sha: pullRequest.headSha, repo: head },
    base: { ref: pullRequest.baseRef, repo: { full_name: repository, html_url: `${htmlUrl}/${repository}` } },
  };
}

function commentBody({ id, author, body }: WorldComment): object {
  return { id, body, user: { login: author }, updated_at: '2026-01-02T03:04:05Z' };
}
