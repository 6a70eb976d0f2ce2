import { type Rule, violation } from "../rule";

export const metadataV1: Rule = {
  id: "metadata-v1",
  level: "mandatory",
  title: "no machine answers version 1 of the metadata service (IMDSv1)",
  reason: "a program on the host that can be made to fetch a URL then hands out the host's credentials",
  remedy: 'set metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 }',
  check: ({ machines }) =>
    machines
      .filter(({ metadataV1 }) => metadataV1 === true)
      .map(({ resource, host }) => violation(resource, `${host} answers IMDSv1`)),
};
