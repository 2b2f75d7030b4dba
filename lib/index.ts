export { AllowFrom, type AllowFromProps } from './constructs/allow-from';
export type { IntentProps } from './constructs/declare-intents';
export { DriftMonitor, type DriftMonitorProps } from './constructs/drift-monitor';
export { Environment, type EnvironmentProps } from './constructs/environment';
export { type ExistingNamespaceProps, Namespace, type NamespaceProps } from './constructs/namespace';
export { type GuaranteeSide, Never, type NeverProps } from './constructs/never';
export {
  type AnyAddressPeerProps,
  type AnyPodPeerProps,
  type CidrPeerProps,
  type ControllerProps,
  type InternetPeerProps,
  type Labels,
  type NamespacesPeerProps,
  Peer,
  type PeerLike,
  type PodsPeerProps,
} from './constructs/peer';
export { RawPolicy, type RawPolicyProps } from './constructs/raw-policy';
export { type ManifestServiceProps, type PortsByName, Service, type ServiceProps } from './constructs/service';
export { type ServiceWithPorts, servicePort } from './constructs/service-port';
export { type SuppressFindingProps, suppressFinding } from './constructs/suppress-finding';
export { Tier, type TierProps } from './constructs/tier';
export type { Dns } from './model/dns';
export { InputError, type Issue, issueToString, type Place } from './model/issue';
export { kubeDns, noDns, nodeLocalDns, openshiftDns } from './model/known-peers';
export { type LabelRole, LabelScheme, type LabelSchemeProps } from './model/label-scheme';
export type { LabelSelector, LabelSelectorRequirement, NetworkPolicy } from './model/network-policy';
export { type AnyPort, anyPort, Port } from './model/port';
export type { ApiServerAddress, Isolation, PortRef } from './model/program';
export { specialAddresses } from './model/special-addresses';
export { Manifests } from './read/manifests';
export type { Protocol } from './sets/port-set';
export { TierwallValidation, type TierwallValidationProps } from './synth/cdk8s-validation';
export type { SynthResult } from './synth/synth';
export { type SynthOptions, synth } from './synth/synth-app';
