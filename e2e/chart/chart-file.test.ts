/** Chart.yaml says of the chart what is so: its version, its images, pages that are there. */

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { describeWithHelm } from './rig/describe-with-helm.ts';
import { renderOnce } from './rig/render-once.ts';
import { CHART, CHECKOUT } from './rig/render-release.ts';

const chartSchema = z.looseObject({
  version: z.string(),
  appVersion: z.string(),
  icon: z.url(),
  annotations: z.record(z.string(), z.string()),
});
/** https://artifacthub.io/docs/topics/annotations/helm/ */
const changesSchema = z
  .array(
    z.strictObject({
      kind: z.enum(['added', 'changed', 'deprecated', 'removed', 'fixed', 'security']),
      description: z.string().min(1),
    }),
  )
  .min(1);
const imagesSchema = z.array(z.strictObject({ name: z.string(), image: z.string() })).min(1);
const linksSchema = z.array(z.strictObject({ name: z.string(), url: z.url() })).min(1);

const chart = chartSchema.parse(parse(await readFile(join(CHART, 'Chart.yaml'), 'utf8')));

function readAnnotation<T extends z.ZodType>(name: string, schema: T): z.output<T> {
  return schema.parse(parse(chart.annotations[`artifacthub.io/${name}`] ?? ''));
}

/** The file of this repository that a URL of its forge shows. */
function fileOf(url: string): string {
  const [, path = ''] = /\/main\/(.*)$/.exec(url) ?? [];
  return join(CHECKOUT, path);
}

describe('Chart.yaml', () => {
  it('has the version of the program', async () => {
    const { version } = z
      .looseObject({ version: z.string() })
      .parse(JSON.parse(await readFile(join(CHECKOUT, 'package.json'), 'utf8')));
    expect([chart.version, chart.appVersion]).toEqual([version, version]);
  });

  it('tells Artifact Hub of changes in its own kinds', () => {
    expect(readAnnotation('changes', changesSchema).length).toBeGreaterThan(0);
  });

  it('leads to files that are there', () => {
    const urls = [chart.icon, ...readAnnotation('links', linksSchema).map(({ url }) => url)];
    expect(urls.filter((url) => !existsSync(fileOf(url)))).toEqual([]);
  });
});

describeWithHelm('the images in Chart.yaml', () => {
  it('hold the one that a release runs', async () => {
    const [, image] = /^ *image: "?([^"\s]+)"?$/m.exec(await renderOnce()) ?? [];
    const told = readAnnotation('images', imagesSchema).map(({ image: name }) => name);
    expect(told).toContain(image);
  });
});
