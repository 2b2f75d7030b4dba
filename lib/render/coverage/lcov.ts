import type { CoverageReport, CoveredLine } from '../../model/coverage-report';

/** The lcov tracefile that editors and CI read: a line for each that opens or isolates something, a branch for each such thing. */
export function coverageToLcov({ lines }: CoverageReport): string {
  const files = new Map<string, CoveredLine[]>();
  for (const line of lines) files.set(line.file, [...(files.get(line.file) ?? []), line]);
  return [...files].map(([file, own]) => fileRecord(file, own)).join('');
}

function fileRecord(file: string, lines: readonly CoveredLine[]): string {
  const hits = lines.map(({ line, points }) => ({ line, count: points.reduce((sum, { stated }) => sum + stated, 0) }));
  const branches = lines.flatMap(({ line, points }) =>
    points.map(({ stated }, i) => ({ record: `BRDA:${line},0,${i},${stated > 0 ? stated : '-'}`, hit: stated > 0 })),
  );
  return `${[
    'TN:tierwall',
    `SF:${file}`,
    ...branches.map(({ record }) => record),
    `BRF:${branches.length}`,
    `BRH:${branches.filter(({ hit }) => hit).length}`,
    ...hits.map(({ line, count }) => `DA:${line},${count}`),
    `LF:${hits.length}`,
    `LH:${hits.filter(({ count }) => count > 0).length}`,
    'end_of_record',
  ].join('\n')}\n`;
}
