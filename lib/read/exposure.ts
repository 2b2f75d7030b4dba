import type { Exposure } from '../model/cluster';
import type { Place } from '../model/issue';
import type { Report } from '../validation/field-error';
import { Field } from './field';

type Backend = Exposure['backends'][number];
type Identity = { readonly namespace: string; readonly name: string };

const readers: Readonly<Record<Exposure['kind'], (spec: Field, namespace: string) => Backend[]>> = {
  Ingress: ingressBackends,
  HTTPRoute: httpRouteBackends,
  Route: routeBackends,
};

/** The Services to which an Ingress (of any version), a Gateway API HTTPRoute or an OpenShift Route leads, each once. */
export function readExposure(
  object: unknown,
  kind: Exposure['kind'],
  { namespace, name }: Identity,
  place: Place,
  report: Report,
): Exposure {
  const backends = new Map(
    readers[kind](Field.of(object, report).child('spec'), namespace).map((backend) => [
      JSON.stringify([backend.namespace, backend.service, backend.port]),
      backend,
    ]),
  );
  return { kind, namespace, name, backends: [...backends.values()], place };
}

function ingressBackends(spec: Field, namespace: string): Backend[] {
  const paths = spec
    .child('rules')
    .items()
    .flatMap((rule) => rule.child('http').child('paths').items());
  return [spec.child('defaultBackend'), spec.child('backend'), ...paths.map((path) => path.child('backend'))].flatMap(
    (backend) => ingressBackend(backend, namespace),
  );
}

/** `service.name` and `service.port` in networking.k8s.io/v1; `serviceName` and `servicePort` before. */
function ingressBackend(backend: Field, namespace: string): Backend[] {
  const current = backend.child('service');
  const service = current.isSet ? current.child('name').text() : backend.child('serviceName').text();
  const port = current.isSet
    ? (current.child('port').child('number').integer() ?? current.child('port').child('name').text())
    : backend.child('servicePort').integerOrText();
  return service ? [{ namespace, service, port: port || undefined }] : [];
}

/** Also the Services that get a copy of each request. */
function httpRouteBackends(spec: Field, namespace: string): Backend[] {
  const references = spec
    .child('rules')
    .items()
    .flatMap((rule) => {
      const backends = rule.child('backendRefs').items();
      const filters = [rule, ...backends].flatMap((holder) => holder.child('filters').items());
      return [...backends, ...filters.map((filter) => filter.child('requestMirror').child('backendRef'))];
    });
  return references.flatMap((reference) => {
    const isService = !reference.child('group').text() && (reference.child('kind').text() ?? 'Service') === 'Service';
    const service = reference.child('name').text();
    const port = reference.child('port').integer();
    return isService && service ? [{ namespace: reference.child('namespace').text() ?? namespace, service, port }] : [];
  });
}

/** A Route names the port of the endpoints: by number it may be any port of the Service, by name it is the Service's own. */
function routeBackends(spec: Field, namespace: string): Backend[] {
  const target = spec.child('port').child('targetPort').integerOrText();
  const port = typeof target === 'string' && target !== '' ? target : undefined;
  return [spec.child('to'), ...spec.child('alternateBackends').items()].flatMap((backend) => {
    const service = backend.child('name').text();
    return service && (backend.child('kind').text() ?? 'Service') === 'Service' ? [{ namespace, service, port }] : [];
  });
}
