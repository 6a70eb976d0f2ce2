import type { CloudType } from "../cloud/cloud-type";
import { objectsOf, problem, textOf } from "../cloud/known";
import { CREATED_AT, nextNumber } from "./api";
import { diskTypeProblems, sizeProblems } from "./disk";
import { imageProblems } from "./image";
import { KINDS } from "./kinds";
import { effectiveLabels } from "./labels";
import { machineProblems } from "./machine";
import { idOf, nameIn, projectOf, referred, regionOf, selfLink } from "./place";
import { TOKENS } from "./tokens";
import { refuseUnknownAccount, refuseWhileUsed } from "./use";

/** `gcp:compute/instanceTemplate:InstanceTemplate`. */
export const instanceTemplate: CloudType = {
  token: TOKENS.instanceTemplate,
  // resource_compute_instance_template.go of the Terraform provider: a template never changes.
  forceNew: [],
  forceNewWhen: (path) => path !== "deletionPolicy",
  unordered: ["tags"],
  name: nameIn(KINDS.instanceTemplate),
  check: (inputs) => [
    ...machineProblems(inputs),
    ...objectsOf(inputs.disks).flatMap((disk, index) => {
      const isEmpty =
        disk.source === undefined && disk.sourceImage === undefined && disk.sourceSnapshot === undefined;
      const isFirst = index === 0 && disk.type !== "SCRATCH";
      return [
        ...problem(
          isFirst && isEmpty,
          `disks[${index}]`,
          "one of source, source_image or source_snapshot is required for the boot disk",
        ),
        ...diskTypeProblems(disk.diskType, `disks[${index}].diskType`),
        ...sizeProblems(disk.diskSizeGb, textOf(disk.diskType), `disks[${index}].diskSizeGb`),
        ...imageProblems(disk.sourceImage, `disks[${index}].sourceImage`),
      ];
    }),
  ],
  create: (inputs, world) => {
    for (const face of objectsOf(inputs.networkInterfaces)) {
      if (face.network !== undefined) referred(KINDS.network, face.network, inputs, world);
      if (face.subnetwork === undefined) continue;
      const isPath = String(face.subnetwork).includes("/");
      const place = isPath ? inputs : { ...inputs, region: regionOf(inputs, world) };
      referred(KINDS.subnetwork, face.subnetwork, place, world);
    }
    refuseUnknownAccount(world, TOKENS.account, textOf(objectsOf(inputs.serviceAccount)[0]?.email));
  },
  delete: (id, _state, world) => {
    refuseWhileUsed(world, "instance_template", id, [TOKENS.regionInstanceGroupManager]);
  },
  id: idOf(KINDS.instanceTemplate),
  outputs: (id, inputs, world) => {
    const number = nextNumber(world);
    return {
      ...effectiveLabels(inputs.labels),
      selfLink: selfLink(id),
      selfLinkUnique: `${selfLink(id)}?uniqueId=${number}`,
      numericId: number,
      project: projectOf(inputs, world),
      metadataFingerprint: "",
      tagsFingerprint: "",
      creationTimestamp: CREATED_AT,
    };
  },
  computed: [
    ...["selfLink", "selfLinkUnique", "numericId", "project", "metadataFingerprint", "tagsFingerprint"],
    ...["creationTimestamp", "effectiveLabels", "pulumiLabels"],
  ],
};
