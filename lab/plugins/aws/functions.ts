import { createHash } from "node:crypto";
import type { CloudFunction } from "../cloud/cloud-type";
import { objectsOf, textOf, textsOf } from "../cloud/known";
import { type Properties, secret } from "../value";
import { apiError } from "./api-error";
import { ACCOUNT, regionOf } from "./aws-type";

/** The id of an image, the same for the same question: a preview and its update must agree. */
function imageId(question: unknown): string {
  return `ami-${createHash("sha256").update(JSON.stringify(question)).digest("hex").slice(0, 17)}`;
}

/** Answers every search with one image: which ones AWS and its vendors publish is not ours to know. */
const getAmi: CloudFunction = (args, world) => {
  const filters = objectsOf(args.filters);
  const wanted = (name: string) => textsOf(filters.find((filter) => filter.name === name)?.values)[0];
  if (args.owners === undefined && filters.length === 0 && args.executableUsers === undefined) {
    throw apiError("EC2: DescribeImages", "InvalidParameterValue", "give owners or filters");
  }
  const region = regionOf(args, world);
  const id = imageId({ region, filters, owners: args.owners, nameRegex: args.nameRegex });
  const [owner = "amazon"] = textsOf(args.owners);
  return {
    ...args,
    architecture: wanted("architecture") ?? "x86_64",
    arn: `arn:aws:ec2:${region}::image/${id}`,
    blockDeviceMappings: [],
    bootMode: "uefi-preferred",
    creationDate: "2026-01-01T00:00:00.000Z",
    description: "",
    enaSupport: true,
    hypervisor: "xen",
    id,
    imageId: id,
    name: (wanted("name") ?? textOf(args.nameRegex) ?? "image").replaceAll("*", "20260101"),
    ownerId: /^\d{12}$/.test(owner) ? owner : ACCOUNT,
    public: true,
    region,
    rootDeviceName: "/dev/xvda",
    rootDeviceType: "ebs",
    state: "available",
    tags: {},
    virtualizationType: "hvm",
  };
};

/** Public parameters (`/aws/service/debian/…`) name images; others exist where somebody put them into the world. */
const getParameter: CloudFunction = (args, world) => {
  const name = textOf(args.name) ?? "";
  const own = world.get("aws:ssm/parameter:Parameter", name);
  if (!own && !name.startsWith("/aws/service/")) {
    throw apiError("SSM: GetParameter", "ParameterNotFound", "");
  }
  const region = regionOf(args, world);
  const value: unknown = own ? own.inputs.value : imageId({ region, name });
  const type = own?.inputs.type ?? "String";
  const answer: Properties = {
    arn: `arn:aws:ssm:${region}:${ACCOUNT}:parameter${name}`,
    id: name,
    name,
    region,
  };
  const insecureValue = type === "SecureString" ? "" : value;
  return { ...args, ...answer, type, version: 1, insecureValue, value: secret(value) };
};

export const functions = {
  "aws:ec2/getAmi:getAmi": getAmi,
  "aws:ssm/getParameter:getParameter": getParameter,
};
