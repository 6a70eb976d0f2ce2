import type { CloudType } from "../cloud/cloud-type";
import { numberOf, problem, textOf } from "../cloud/known";
import type { World } from "../cloud/world";
import type { Properties } from "../value";
import { apiError, busyError, existing } from "./api-error";
import { arnOf, awsType } from "./aws-type";
import { volumeProblems } from "./block-device";
import * as tokens from "./tokens";
import { refuseZone } from "./vpc";

export const volume: CloudType = awsType({
  token: tokens.VOLUME,
  forceNew: [
    "availabilityZone",
    "encrypted",
    "kmsKeyId",
    "multiAttachEnabled",
    "outpostArn",
    "snapshotId",
    "volumeInitializationRate",
  ],
  check: (inputs) => [
    ...problem(!("size" in inputs || "snapshotId" in inputs), "size", "give size or snapshotId"),
    ...volumeProblems(inputs, "", { size: "size", type: "type" }),
  ],
  create: (inputs, world) => refuseZone(inputs, world, "EC2: CreateVolume"),
  update: (before, inputs) => {
    if ((numberOf(inputs.size) ?? 0) >= (numberOf(before.size) ?? 0)) return;
    const message = "New size cannot be smaller than existing size";
    throw apiError("EC2: ModifyVolume", "InvalidParameterValue", message);
  },
  delete: (id, _state, world) => {
    const attachment = world.findBy(tokens.VOLUME_ATTACHMENT, "volumeId", id);
    if (!attachment) return;
    const message = `Volume ${id} is currently attached to ${textOf(attachment.inputs.instanceId)}`;
    throw busyError("EC2: DeleteVolume", "VolumeInUse", message);
  },
  id: (_inputs, world) => world.nextId("vol-"),
  arn: arnOf("ec2", (id) => `volume/${id}`),
  computed: ["encrypted", "iops", "size", "throughput", "type"],
  outputs: (_id, inputs) => {
    const type = textOf(inputs.type) ?? "gp2";
    return {
      encrypted: inputs.encrypted ?? false,
      size: inputs.size,
      type,
      iops: inputs.iops ?? (type === "gp3" ? 3000 : 100),
      throughput: inputs.throughput ?? (type === "gp3" ? 125 : 0),
    };
  },
});

/** Names that EC2 gives to disks: https://docs.aws.amazon.com/ebs/latest/userguide/ebs-using-volumes.html */
const DEVICE_NAME = /^(\/dev\/(sd|xvd)[a-z]{1,2}\d{0,2}|xvd[a-z]{1,2})$/;

export const volumeAttachment: CloudType = awsType({
  token: tokens.VOLUME_ATTACHMENT,
  forceNew: ["deviceName", "instanceId", "volumeId"],
  create: attach,
  id: (_inputs, world) => world.nextId("vai-", 10),
});

function attach(inputs: Properties, world: World): void {
  const operation = "EC2: AttachVolume";
  const disk = existing(world, tokens.VOLUME, inputs.volumeId, operation);
  const machine = existing(world, tokens.INSTANCE, inputs.instanceId, operation);
  if (disk.inputs.availabilityZone !== machine.outputs.availabilityZone) {
    throw apiError(
      operation,
      "InvalidVolume.ZoneMismatch",
      `The volume '${disk.id}' is not in the same availability zone as instance '${machine.id}'`,
    );
  }
  const device = textOf(inputs.deviceName) ?? "";
  if (!DEVICE_NAME.test(device)) {
    const message = `Value (${device}) for parameter device is invalid. ${device} is not a valid EBS device name.`;
    throw apiError(operation, "InvalidParameterValue", message);
  }
  const attached = world.all(tokens.VOLUME_ATTACHMENT);
  if (
    attached.some((other) => other.inputs.volumeId === disk.id) &&
    disk.inputs.multiAttachEnabled !== true
  ) {
    throw apiError(operation, "VolumeInUse", `${disk.id} is already attached to an instance`);
  }
  const isTaken = attached.some(
    (other) => other.inputs.instanceId === machine.id && other.inputs.deviceName === device,
  );
  if (isTaken) {
    const message = `Invalid value '${device}' for unixDevice. Attachment point ${device} is already in use`;
    throw apiError(operation, "InvalidParameterValue", message);
  }
}
