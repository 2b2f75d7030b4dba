/**
 * Addresses that are not the public internet, so that access to "the internet" never opens a private network or a metadata service.
 *
 * Sources: IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890, RFC 8190), IANA Multicast Address Space; the
 * virtual address that Azure's platform answers on, from its documentation. The other clouds' metadata addresses
 * (169.254.169.254, 100.100.100.200, 192.0.0.192, fd00:ec2::254) lie in the ranges above.
 *
 * IPv6 is stated from the other side: only 2000::/3 is global unicast (RFC 4291), which leaves out loopback, unique local, link-local,
 * multicast and the NAT64 prefix 64:ff9b::/96, through which private IPv4 addresses could be reached.
 */
export const internetBlocks: readonly string[] = ['0.0.0.0/0', '2000::/3'];

export const specialAddresses: readonly string[] = [
  '0.0.0.0/8', // this network, RFC 791
  '10.0.0.0/8', // private, RFC 1918
  '100.64.0.0/10', // carrier-grade NAT, RFC 6598
  '127.0.0.0/8', // loopback, RFC 1122
  '168.63.129.16/32', // Azure platform services
  '169.254.0.0/16', // link-local and cloud metadata, RFC 3927
  '172.16.0.0/12', // private, RFC 1918
  '192.0.0.0/24', // IETF protocol assignments, RFC 6890
  '192.0.2.0/24', // documentation, RFC 5737
  '192.88.99.0/24', // 6to4 relay, deprecated by RFC 7526
  '192.168.0.0/16', // private, RFC 1918
  '198.18.0.0/15', // benchmarking, RFC 2544
  '198.51.100.0/24', // documentation, RFC 5737
  '203.0.113.0/24', // documentation, RFC 5737
  '224.0.0.0/4', // multicast, RFC 5771
  '240.0.0.0/4', // reserved and limited broadcast, RFC 1112, RFC 919
  '2001::/23', // IETF protocol assignments, Teredo, ORCHID, RFC 2928
  '2001:db8::/32', // documentation, RFC 3849
  '2002::/16', // 6to4, RFC 3056
  '3fff::/20', // documentation, RFC 9637
];
