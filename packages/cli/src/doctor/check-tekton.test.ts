import { describe, expect, it } from 'vitest';
import { judgeFlags, judgeVersion } from './check-tekton.ts';
import { compareReleases } from './compare-releases.ts';

describe('compareReleases', () => {
  it('compares numbers and not texts, with or without v', () => {
    expect(compareReleases('v0.9.0', 'v0.50.0')).toBeLessThan(0);
    expect(compareReleases('1.0.0', 'v0.50.0')).toBeGreaterThan(0);
    expect(compareReleases('v0.50.0-rc1', '0.50.0')).toBe(0);
    expect(compareReleases('devel', 'v0.50.0')).toBeUndefined();
    expect(compareReleases('v1.2', 'v0.50.0')).toBeUndefined();
  });
});

describe('judgeVersion', () => {
  it('says what was found and what is needed when Tekton is too old', () => {
    expect(judgeVersion('v0.44.5', 'tekton-pipelines')).toMatchObject({
      state: 'missing',
      detail: 'found v0.44.5, needed v0.50.0 or newer',
    });
    expect(judgeVersion('v0.50.0', 't').state).toBe('ok');
    expect(judgeVersion('v1.15.0', 't').state).toBe('ok');
  });

  it('takes a build that is no release as it is, and does not fail for want of a version', () => {
    expect(judgeVersion('devel', 't').state).toBe('ok');
    expect(judgeVersion(undefined, 'elsewhere')).toMatchObject({
      state: 'optional',
      hint: 'say with --tekton-namespace where Tekton runs',
    });
  });
});

describe('judgeFlags', () => {
  it('refuses settings with which our tasks cannot run, and says how to mend them', () => {
    expect(judgeFlags({ 'enable-api-fields': 'stable' }, 'ci')).toMatchObject({
      state: 'missing',
      hint: `kubectl patch configmap feature-flags -n ci -p '{"data":{"enable-api-fields":"beta"}}'`,
    });
    expect(judgeFlags({ coschedule: 'isolate-pipelinerun' }, 'ci').state).toBe('optional');
  });

  it('passes the defaults', () => {
    expect(judgeFlags({ 'enable-api-fields': 'beta', coschedule: 'workspaces' }, 'ci').state).toBe('ok');
    expect(judgeFlags({}, 'ci').state).toBe('ok');
  });
});
