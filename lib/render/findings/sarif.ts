import type { RuleDescriptor, Severity } from '../../model/finding';
import {
  type FindingReport,
  type FoundItem,
  type FoundPlace,
  type TextEdit,
  type TextRange,
  unsuppressed,
} from '../../model/finding-report';
import { demandText } from './words';

const levels = { error: 'error', warning: 'warning', info: 'note' } as const satisfies Record<Severity, string>;

/**
 * SARIF 2.1.0, as code scanning takes it: it does not know of suppressions, and would open an alert for what is accepted.
 * @param version of tierwall
 */
export function findingsToSarif(report: FindingReport, version: string): string {
  const numbers = new Map(report.rules.map(({ id }, i) => [id, i]));
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'tierwall', semanticVersion: version, rules: report.rules.map(ruleOf) } },
        automationDetails: { id: `tierwall ${report.command}/` },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { SRCROOT: { description: { text: 'the folder in which tierwall was run' } } },
        results: unsuppressed(report).map((item) => resultOf(item, numbers.get(item.rule))),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function ruleOf({ id, group, severity, wrong, why, todo, references, demands = [] }: RuleDescriptor) {
  const asked = demands.map((demand) => ({ name: demandText(demand), url: demand.url }));
  const link = [...references, ...asked].find(({ url }) => url !== undefined)?.url;
  const names = [...asked, ...references].map(({ name, url }) => (url ? `[${name}](${url})` : name));
  return {
    id,
    shortDescription: { text: sentence(wrong) },
    fullDescription: { text: `${sentence(wrong)} ${why}` },
    help: {
      text: `${why} ${sentence(todo)}`,
      markdown: [why, sentence(todo), ...(names.length > 0 ? [`See ${names.join(', ')}.`] : [])].join('\n\n'),
    },
    ...(link ? { helpUri: link } : {}),
    defaultConfiguration: { level: levels[severity] },
    properties: { tags: ['security', 'kubernetes', group, ...demands.map((demand) => demand.id)] },
  };
}

function resultOf(item: FoundItem, ruleIndex: number | undefined) {
  const { rule, severity, message, hint, place, written, related, edits, fingerprint } = item;
  const others = [...(written ? [{ text: 'what is written for it', place: written }] : []), ...related];
  return {
    ruleId: rule,
    ...(ruleIndex === undefined ? {} : { ruleIndex }),
    level: levels[severity],
    message: { text: `${sentence(message)} ${sentence(hint)}` },
    locations: [locationOf(place)],
    ...(others.length > 0
      ? {
          relatedLocations: others.map(({ text, place: other }, i) => ({
            id: i + 1,
            ...locationOf(other),
            message: { text },
          })),
        }
      : {}),
    partialFingerprints: { 'tierwall/v1': fingerprint },
    ...(edits.length > 0
      ? { fixes: [{ description: { text: sentence(hint) }, artifactChanges: changesOf(edits) }] }
      : {}),
  };
}

/** Code scanning wants a file of every result; what has none is put at the folder itself. */
function locationOf({ file, line, range, field, construct }: FoundPlace) {
  const region = range ? regionOf(range) : line === undefined ? undefined : { startLine: line };
  const names = [
    ...(construct ? [{ fullyQualifiedName: construct, kind: 'object' }] : []),
    ...(field ? [{ fullyQualifiedName: field, kind: 'member' }] : []),
  ];
  return {
    physicalLocation: { artifactLocation: artifactOf(file ?? '.'), ...(region ? { region } : {}) },
    ...(names.length > 0 ? { logicalLocations: names } : {}),
  };
}

function regionOf({ line, column, endLine, endColumn }: TextRange) {
  return { startLine: line, startColumn: column, endLine, endColumn };
}

/** A relative path is one below the folder in which tierwall was run. */
function artifactOf(file: string) {
  const isAbsolute = /^(?:\/|[A-Za-z]:[\\/])/.test(file);
  // Half a surrogate pair cannot be encoded.
  const whole = Buffer.from(file, 'utf8').toString('utf8');
  const path = whole.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
  if (isAbsolute) return { uri: `file://${path.startsWith('/') ? '' : '/'}${path.replace(/%3A/i, ':')}` };
  return { uri: path, uriBaseId: 'SRCROOT' };
}

function changesOf(edits: readonly TextEdit[]) {
  const files = [...new Set(edits.map(({ file }) => file))];
  return files.map((file) => ({
    artifactLocation: artifactOf(file),
    replacements: edits
      .filter((edit) => edit.file === file)
      .map(({ range, text }) => ({ deletedRegion: regionOf(range), insertedContent: { text } })),
  }));
}

function sentence(text: string): string {
  const end = /[.?!]$/.test(text) ? '' : '.';
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${end}`;
}
