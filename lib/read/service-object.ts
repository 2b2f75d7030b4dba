import type { Place } from '../model/issue';
import type { ServiceObject } from '../model/service-object';
import { notSupported, type Report } from '../validation/field-error';
import { Field } from './field';
import { protocolOf } from './workload';

const serviceTypes = ['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'] as const;
type ServiceType = (typeof serviceTypes)[number];

/** `targetPort` defaults to `port`, and `protocol` to TCP, as in the API. @param report receives what the API server would refuse */
export function readServiceObject(object: unknown, place: Place, report: Report): ServiceObject {
  const root = Field.of(object, report);
  const metadata = root.child('metadata');
  const spec = root.child('spec');
  const namespace = metadata.child('namespace').text();
  const selector = spec.child('selector').texts();
  const type = typeOf(spec, report);
  return {
    name: metadata.child('name').text() ?? '',
    ...(namespace ? { namespace } : {}),
    // The API ignores the selector of a Service that is only a name for something outside.
    ...(Object.keys(selector).length > 0 && type !== 'ExternalName' ? { selector } : {}),
    type,
    ports: spec
      .child('ports')
      .items()
      .flatMap((entry) => portOf(entry, report)),
    place,
  };
}

function typeOf(spec: Field, report: Report): ServiceType {
  const field = spec.child('type');
  const type = field.text() || 'ClusterIP';
  if ((serviceTypes as readonly string[]).includes(type)) return type as ServiceType;
  report(notSupported(field.path, type, serviceTypes));
  return 'ClusterIP';
}

function portOf(entry: Field, report: Report): ServiceObject['ports'] {
  const name = entry.child('name').text();
  const port = entry.child('port').require().integer();
  const protocol = protocolOf(entry, report);
  if (port === undefined || protocol === undefined) return [];
  const targetPort = entry.child('targetPort').integerOrText();
  // Zero and the empty text are how the API writes that none is given.
  return [{ ...(name ? { name } : {}), port, targetPort: targetPort || port, protocol }];
}
