/** The task and pipeline files: what users apply is consistent in itself. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PLANNED_PARAMS, type Pipeline, type PipelineTask, type Task } from '@tekton-dag/model';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { renderRouterRole } from '../src/deploy-baseline/render-router.ts';
import { stepNames } from '../src/step-names.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const filesOf = (folder: string): string[] =>
  readdirSync(join(ROOT, folder)).filter((name) => name.endsWith('.yaml'));
const read = (folder: string, file: string): string => readFileSync(join(ROOT, folder, file), 'utf8');

const readTask = (file: string): Task => {
  const task: Task = parse(read('tasks', file));
  return task;
};
const readPipeline = (file: string): Pipeline => {
  const pipeline: Pipeline = parse(read('pipeline', file));
  return pipeline;
};

const tasks = new Map(filesOf('tasks').map((file) => [file, readTask(file)]));
const pipelines = new Map(
  filesOf('pipeline')
    .filter((file) => !file.startsWith('rbac'))
    .map((file) => [file, readPipeline(file)]),
);
const taskNamed = (name: string): Task | undefined =>
  [...tasks.values()].find(({ metadata }) => metadata.name === name);
const usesOf = (value: unknown): string[] =>
  [...JSON.stringify(value).matchAll(/\$\(params\.([\w-]+)\)/g)].map(([, name = '']) => name);
const allTasks = ({ spec }: Pipeline): PipelineTask[] => [...spec.tasks, ...(spec.finally ?? [])];

interface RightsObject {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly rules?: unknown;
  readonly roleRef?: unknown;
}
const rights: RightsObject[] = filesOf('pipeline')
  .filter((file) => file.startsWith('rbac'))
  .flatMap((file) => parseAllDocuments(read('pipeline', file)).map((document) => document.toJS()));

describe.each([...tasks])('%s', (file, task) => {
  it('is named after its file and is of tekton.dev/v1', () => {
    expect(`${task.metadata.name ?? ''}.yaml`).toBe(file);
    expect(task).toMatchObject({ apiVersion: 'tekton.dev/v1', kind: 'Task' });
  });

  it('uses every param that it declares and no other', () => {
    const declared = (task.spec.params ?? []).map(({ name }) => name);
    expect([...new Set(usesOf([task.spec.steps, task.spec.stepTemplate]))].toSorted()).toEqual(
      declared.toSorted(),
    );
  });

  it('tells each step of the trace', () => {
    expect(task.spec.stepTemplate?.env).toEqual([{ name: 'TRACEPARENT', value: '$(params.traceparent)' }]);
  });

  it('pastes no value into a script', () => {
    expect(task.spec.steps.filter(({ script }) => script !== undefined)).toEqual([]);
  });

  it('runs steps that exist, with params in upper snake case', () => {
    for (const { command = [], env = [] } of task.spec.steps) {
      if (command[0] === 'tekton-dag') expect(stepNames).toContain(command[2]);
      for (const { name, value } of env) {
        const param = /^\$\(params\.([\w-]+)\)$/.exec(value ?? '')?.[1];
        if (param !== undefined) expect(name).toBe(param.toUpperCase().replaceAll('-', '_'));
      }
    }
  });

  it('asks for nothing that a restricted namespace refuses', () => {
    for (const { name, securityContext } of task.spec.steps) {
      if (file === 'build-app-buildah.yaml' && name === 'image') continue;
      expect(securityContext).toMatchObject({
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
        runAsNonRoot: true,
        seccompProfile: { type: 'RuntimeDefault' },
      });
    }
  });

  it('gives our steps a read-only root file system, and one directory for what is temporary', () => {
    const own = task.spec.steps.filter(
      ({ command = [], image = '' }) =>
        command[0] === 'tekton-dag' && command[2] !== 'test-run' && !image.includes('builder-image'),
    );
    for (const { securityContext, volumeMounts, env } of own) {
      expect(securityContext).toMatchObject({ readOnlyRootFilesystem: true });
      expect(volumeMounts).toContainEqual({ name: 'tmp', mountPath: '/var/tmp' });
      expect(env).toContainEqual({ name: 'TMPDIR', value: '/var/tmp' });
    }
  });
});

describe.each([...pipelines])('%s', (file, pipeline) => {
  const declared = (pipeline.spec.params ?? []).map(({ name }) => name);

  it('is named after its file', () => expect(`${pipeline.metadata.name ?? ''}.yaml`).toBe(file));

  it('uses every param that it declares and no other', () => {
    expect([...new Set(usesOf(allTasks(pipeline)))].toSorted()).toEqual(declared.toSorted());
  });

  it('declares all its params as strings', () => {
    for (const { default: value = '' } of pipeline.spec.params ?? []) expect(typeof value).toBe('string');
  });

  it('gives each task every param it has no default for, and none that it does not know', () => {
    for (const { taskRef, params = [] } of allTasks(pipeline)) {
      const known = taskNamed(taskRef?.name ?? '')?.spec.params ?? [];
      const given = params.map(({ name }) => name);
      const required = known.filter((param) => param.default === undefined).map(({ name }) => name);
      expect(given).toEqual(expect.arrayContaining(required));
      expect(known.map(({ name }) => name)).toEqual(expect.arrayContaining(given));
    }
  });

  it('passes the trace to each task', () => {
    for (const { params = [] } of allTasks(pipeline))
      expect(params).toContainEqual({ name: 'traceparent', value: '$(params.traceparent)' });
  });

  it('passes the image of this program to each task', () => {
    for (const { params = [] } of allTasks(pipeline)) {
      expect(params).toContainEqual({ name: 'tekton-dag-image', value: '$(params.tekton-dag-image)' });
    }
  });

  it('makes hooks real edges: what comes after waits for them', () => {
    // Tasks with the same predecessors stand side by side: of those, `when` lets one run.
    const stages = pipeline.spec.tasks.reduce<{ after: string; names: string[] }[]>((known, task) => {
      const after = (task.runAfter ?? []).join(' ');
      const last = known.at(-1);
      if (last?.after === after) last.names.push(task.name);
      else known.push({ after, names: [task.name] });
      return known;
    }, []);
    for (const [index, { after }] of stages.entries()) {
      expect(after).toBe(stages[index - 1]?.names.join(' ') ?? '');
    }
  });

  it('binds only workspaces that it and the task declare', () => {
    for (const { taskRef, workspaces = [] } of allTasks(pipeline)) {
      for (const { name } of workspaces) {
        expect(pipeline.spec.workspaces?.map((workspace) => workspace.name)).toContain(name);
        expect(taskNamed(taskRef?.name ?? '')?.spec.workspaces?.map((workspace) => workspace.name)).toContain(
          name,
        );
      }
    }
  });
});

describe('stack-pr-continue', () => {
  const first = pipelines.get('stack-pr-test.yaml')?.spec;
  const continued = pipelines.get('stack-pr-continue.yaml')?.spec;
  const restart = { input: '$(tasks.prepare.results.restart-at)', operator: 'in', values: ['build'] };

  it('has the tasks of stack-pr-test, but builds only when the build is what failed', () => {
    const [, ...wanted] = (first?.tasks ?? []).map((task) => {
      const when = (task.when ?? []).map((expression) => ({
        ...expression,
        ...(expression.input === '$(params.intercept-backend)'
          ? { input: '$(tasks.prepare.results.intercept-backend)' }
          : {}),
      }));
      const all = /^build$|^hook-\w+-build$/.test(task.name) ? [restart, ...when] : when;
      return { ...task, ...(all.length === 0 ? {} : { when: all }) };
    });
    const [prepare, ...tasks] = continued?.tasks ?? [];
    expect(prepare).toMatchObject({ name: 'prepare', taskRef: { name: 'prepare-continue' } });
    expect(tasks).toEqual(wanted);
    expect(continued?.finally).toEqual(first?.finally);
    expect(continued?.workspaces).toEqual(first?.workspaces);
  });

  it('declares the params of stack-pr-test that do not only make the plan', () => {
    const names = (first?.params ?? []).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining([...PLANNED_PARAMS]));
    const kept = names.filter((name) => !PLANNED_PARAMS.includes(name));
    expect((continued?.params ?? []).map(({ name }) => name).toSorted()).toEqual(
      ['continue-from', ...kept].toSorted(),
    );
  });
});

describe('the catalog', () => {
  it('gives the builder three capabilities and nothing else that is not restricted', () => {
    const step = taskNamed('build-app-buildah')?.spec.steps.find(({ name }) => name === 'image');
    expect(step?.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'], add: ['SETFCAP', 'SETGID', 'SETUID'] },
      runAsNonRoot: false,
      runAsUser: 0,
    });
  });

  it('has the params and defaults of the documentation', () => {
    const lines = readFileSync(join(ROOT, 'docs', 'architecture.md'), 'utf8').split('\n');
    const table = lines.slice(lines.findIndex((line) => line.startsWith('| param')) + 2);
    const documented = table.slice(0, table.indexOf('')).flatMap((line) => {
      const [, names = '', value = '', pr = '', bootstrap = '', merge = ''] = line
        .split('|')
        .map((cell) => cell.trim());
      const list = names
        .replaceAll('`', '')
        .replace(/ \(.*\)$/, '')
        .split(/, */);
      const full = list.map((name) => (name.startsWith('-') ? `compile-image${name}` : name));
      const standard = /^`(.*?)`/.exec(value)?.[1]?.replace('""', '');
      return full.map((name) => ({ name, standard, pr, bootstrap, merge }));
    });
    const files = {
      pr: 'stack-pr-test.yaml',
      bootstrap: 'stack-bootstrap.yaml',
      merge: 'stack-merge-release.yaml',
    } as const;
    for (const column of ['pr', 'bootstrap', 'merge'] as const) {
      const marked = documented.filter((row) => row[column] === 'x');
      const params = pipelines.get(files[column])?.spec.params ?? [];
      expect(marked.map(({ name }) => name).toSorted()).toEqual(params.map(({ name }) => name).toSorted());
      const defaults = new Map(params.map((param) => [param.name, param.default]));
      const told = marked.filter(({ standard }) => standard !== undefined);
      expect(told.map(({ name }) => [name, defaults.get(name)])).toEqual(
        told.map(({ name, standard }) => [name, standard]),
      );
    }
  });

  it('hides the token from the step that executes the tests of the apps', () => {
    const steps = taskNamed('test')?.spec.steps ?? [];
    const run = steps.find(({ command }) => command?.[2] === 'test-run');
    const mountPath = '/var/run/secrets/kubernetes.io/serviceaccount';
    expect(run?.volumeMounts).toEqual([{ name: 'no-token', mountPath, readOnly: true }]);
    expect(steps.filter(({ workspaces = [] }) => workspaces.length > 0).map(({ name }) => name)).toEqual([
      'fetch',
    ]);
  });

  it.each(['build-app', 'build-app-buildah'])(
    'shows keys and registry credentials to no step of %s that runs code of the app',
    (name) => {
      const seen = (taskNamed(name)?.spec.steps ?? []).flatMap(({ name: step, workspaces = [] }) =>
        workspaces.map((workspace) => `${step ?? ''}: ${workspace.name}`),
      );
      expect(seen).toEqual(['fetch: ssh-key', 'image: registry-credentials']);
      expect(JSON.stringify(taskNamed('test'))).not.toContain('registry-credentials');
    },
  );

  it('runs builds without a token', () => {
    const build = rights.find(
      ({ kind, metadata }) => kind === 'ServiceAccount' && metadata.name === 'tekton-dag-build',
    );
    expect(build).toMatchObject({ automountServiceAccountToken: false });
  });

  it('grants nothing beyond a namespace, and no wildcard', () => {
    for (const { kind, rules, roleRef } of rights) {
      expect(['ServiceAccount', 'Role', 'RoleBinding']).toContain(kind);
      if (kind === 'RoleBinding') expect(roleRef).toMatchObject({ kind: 'Role' });
      expect(JSON.stringify(rules ?? [])).not.toContain('*');
    }
  });

  it('gives the router the same rights as the step that makes it where it may', () => {
    const role = rights.find(
      ({ kind, metadata }) => kind === 'Role' && metadata.name === 'tekton-dag-router',
    );
    expect(role?.rules).toEqual(renderRouterRole('shop').rules);
  });
});
