import { describe, expect, it } from 'vitest';
import type { ParamSpec } from '../specs/param-value.ts';
import { wholeParamsInStep, wholeParamsInTask } from './validate-whole-params.ts';

const declared: ParamSpec[] = [{ name: 'list', type: 'array' }, { name: 'word' }];
const messages = (problems: readonly { message: string }[]): string[] =>
  problems.map(({ message }) => message);

describe('a whole array', () => {
  it('may be an item of args', () => {
    expect(
      wholeParamsInStep({ args: ['$(params.list[*])', '$(params.word)'] }, declared, 'steps[0]'),
    ).toEqual([]);
  });

  it('may not stand in a longer item of args', () => {
    const problems = wholeParamsInStep({ args: ['all: $(params.list[*])'] }, declared, 'steps[0]');
    expect(messages(problems)).toEqual(['variable is not properly isolated in "$(params.list[*])"']);
  });

  it('may not stand in a script, but one of its items may', () => {
    const problems = wholeParamsInStep({ script: '$(params.list) $(params.list[0])' }, declared, 'steps[0]');
    expect(messages(problems)).toEqual(['variable type invalid in "$(params.list)"']);
  });

  it('may be the value of a param of a pipeline task, alone', () => {
    const task = (value: string) => ({ name: 'one', params: [{ name: 'p', value }] });
    expect(wholeParamsInTask(task('$(params.list[*])'), declared, 'tasks[0]')).toEqual([]);
    expect(wholeParamsInTask(task('x $(params.list[*])'), declared, 'tasks[0]')).toHaveLength(1);
  });
});
