/**
 * How names, keys and values must look.
 *
 * Source: Kubernetes, staging/src/k8s.io/apimachinery/pkg/util/validation/validation.go (v1.34).
 */
import type { Form } from "./finding.ts";

const LONGEST_LABEL = 63;
const LONGEST_SUBDOMAIN = 253;
const LONGEST_PORT_NAME = 15;

const LABEL = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
const QUALIFIED = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/;

function isLabel(text: string): boolean {
  return text.length <= LONGEST_LABEL && LABEL.test(text);
}

function isSubdomain(text: string): boolean {
  return text.length <= LONGEST_SUBDOMAIN && SUBDOMAIN.test(text);
}

function isWord(text: string): boolean {
  return text.length <= LONGEST_LABEL && QUALIFIED.test(text);
}

function isQualified(text: string): boolean {
  const parts = text.split("/");
  const [first = "", second] = parts;
  if (parts.length > 2) return false;
  return second === undefined ? isWord(first) : isSubdomain(first) && isWord(second);
}

/** RFC 1123 label. */
export const DNS_LABEL: Form = {
  fits: isLabel,
  expected: "a name of at most 63 lower-case letters, digits and '-', with a letter or digit at both ends",
};

/** RFC 1035 label: no digit in front. */
export const SERVICE_NAME: Form = {
  fits: (text) => isLabel(text) && !/^\d/.test(text),
  expected:
    "a name of at most 63 lower-case letters, digits and '-', with a letter in front and a letter or digit at the end",
};

/** RFC 1123 subdomain. */
export const DNS_SUBDOMAIN: Form = {
  fits: isSubdomain,
  expected:
    "a name of at most 253 lower-case letters, digits, '-' and '.', each part with a letter or digit at both ends",
};

/** Keys of labels, taints, gates and the like. */
export const QUALIFIED_NAME: Form = {
  fits: isQualified,
  expected:
    "a key of at most 63 letters, digits, '-', '_' and '.', with a letter or digit at both ends; a DNS name and '/' may stand in front",
};

/** Values of labels: an empty one is fine. */
export const LABEL_VALUE: Form = {
  fits: (text) => text === "" || isWord(text),
  expected: "a value of at most 63 letters, digits, '-', '_' and '.', with a letter or digit at both ends",
};

/** Names of ports. */
export const PORT_NAME: Form = {
  fits: (text) => text.length <= LONGEST_PORT_NAME && LABEL.test(text) && /[a-z]/.test(text) && !text.includes("--"),
  expected: "a port's name of at most 15 lower-case letters, digits and single '-', with at least one letter",
};

/** Names of environment variables, as of v1.32: any printable ASCII but '='. */
export const VARIABLE_NAME: Form = {
  fits: (text) => /^[ -<>-~]+$/.test(text),
  expected: "a variable's name of printable ASCII without '='",
};

/** Keys of ConfigMaps and Secrets. */
export const CONFIG_KEY: Form = {
  fits: (text) =>
    text.length <= LONGEST_SUBDOMAIN && /^[-._a-zA-Z0-9]+$/.test(text) && text !== "." && !text.startsWith(".."),
  expected: "a key of at most 253 letters, digits, '-', '_' and '.', other than '.' and without '..' in front",
};

/** Names of HTTP headers. */
export const HEADER_NAME: Form = {
  fits: (text) => /^[-A-Za-z0-9]+$/.test(text),
  expected: "a header's name of letters, digits and '-'",
};

/** Names of custom resources may not break a path of the API. */
export const PATH_SEGMENT: Form = {
  fits: (text) => text !== "." && text !== ".." && !/[/%]/.test(text),
  expected: "a name without '/' and '%', other than '.' and '..'",
};

const OCTET = "(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)";
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);

/** IPv4 and IPv6 addresses. */
export const IP_ADDRESS: Form = {
  fits: (text) => IPV4.test(text) || isIPv6(text),
  expected: "an IP address, such as 10.0.0.7 or 2001:db8::7",
};

function isIPv6(text: string): boolean {
  const halves = text.split("::");
  if (halves.length > 2 || !text.includes(":")) return false;
  const groups = halves.flatMap((half) => (half === "" ? [] : half.split(":")));
  const last = groups.at(-1) ?? "";
  const isMixed = last.includes(".");
  if (isMixed && !IPV4.test(last)) return false;
  const count = groups.length + (isMixed ? 1 : 0);
  const hex = isMixed ? groups.slice(0, -1) : groups;
  if (!hex.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return false;
  return halves.length === 2 ? count <= 7 : count === 8;
}
