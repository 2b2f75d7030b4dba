import { type Severity, severities } from '../../model/finding';
import { type FindingReport, unsuppressed } from '../../model/finding-report';
import { findingsToGithub } from '../../render/findings/github';
import { findingsToGitlab } from '../../render/findings/gitlab';
import { findingsToJson } from '../../render/findings/json';
import { findingsToJunit } from '../../render/findings/junit';
import { findingsToMd } from '../../render/findings/md';
import { findingsToSarif } from '../../render/findings/sarif';
import { findingsToTxt } from '../../render/findings/txt';
import { type Paint, plain } from '../../render/paint';
import { type Io, paintFor } from '../io';
import { ownVersion } from '../own-version';
import { inRepository } from '../repository-paths';
import type { FindingFormat } from './lint';

type Renderer = (report: FindingReport, paint: Paint) => string;

const renderers: Readonly<Record<FindingFormat, Renderer>> = {
  txt: findingsToTxt,
  json: findingsToJson,
  sarif: (report) => findingsToSarif(report, ownVersion()),
  github: findingsToGithub,
  gitlab: findingsToGitlab,
  junit: findingsToJunit,
  md: findingsToMd,
};

/** What services take that show findings beside the code: there, paths are those of the repository. */
const ofRepository: readonly FindingFormat[] = ['sarif', 'github', 'gitlab', 'junit'];

export function printFindings(io: Io, report: FindingReport, format: FindingFormat): void {
  io.stdout.write(rendered(io, report, format, paintFor(io.stdout, io.env)));
}

export function rendered(io: Io, report: FindingReport, format: FindingFormat, paint: Paint = plain): string {
  const shown = ofRepository.includes(format) ? { ...report, items: inRepository(report.items, io) } : report;
  return renderers[format](shown, paint);
}

/** Whether something is found that is at least so severe. */
export function fails(report: FindingReport, failOn: Severity): boolean {
  const least = severities.indexOf(failOn);
  return unsuppressed(report).some(({ severity }) => severities.indexOf(severity) <= least);
}
