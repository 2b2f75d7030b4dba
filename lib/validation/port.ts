import { invalid, notSupported, type Report } from './field-error';
import type { FieldPath } from './field-path';
import { fieldsOf, isSet, textOf } from './json-value';
import { checkText } from './label-selector';
import { portName } from './text-format';

const protocols = ['TCP', 'UDP', 'SCTP'];

/** The rules for one entry of `ports`. Everything may be absent: no protocol is TCP, no port every port. */
export function checkPort(entry: unknown, path: FieldPath, report: Report): void {
  const { protocol, port, endPort } = fieldsOf(entry);
  if (isSet(protocol) && !protocols.includes(textOf(protocol))) {
    report(notSupported(path.child('protocol'), protocol, protocols));
  }
  if (typeof port === 'number') {
    checkNumber(port, path.child('port'), report);
  }
  if (typeof endPort === 'number') {
    checkEndPort(endPort, port, path.child('endPort'), report);
  }
  if (typeof port === 'string') {
    checkText(port, portName, path.child('port'), report);
  }
}

function checkEndPort(endPort: number, port: unknown, path: FieldPath, report: Report): void {
  if (typeof port !== 'number') {
    report(
      invalid(path, endPort, `may not be specified when \`port\` is ${isSet(port) ? 'non-numeric' : 'not specified'}`),
    );
    return;
  }
  if (endPort < port) {
    // The API server shows the port here, not the endPort.
    report(invalid(path, port, 'must be greater than or equal to `port`'));
  }
  checkNumber(endPort, path, report);
}

function checkNumber(port: number, path: FieldPath, report: Report): void {
  if (port < 1 || port > 65535) {
    report(invalid(path, port, 'must be between 1 and 65535, inclusive'));
  }
}
