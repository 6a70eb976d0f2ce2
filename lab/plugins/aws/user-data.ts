import type { Problem } from "../check";
import { problem, textOf } from "../cloud/known";
import type { Properties } from "../value";

/** Before base64: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html */
const USER_DATA_BYTES = 16_384;

/** Problems of user data that is given in base64; its limit is of the bytes that it stands for. */
export function encodedUserDataProblems(inputs: Properties, property: string): Problem[] {
  const text = textOf(inputs[property]);
  if (text === undefined) return [];
  const isBase64 = /^[A-Za-z0-9+/]*={0,2}$/.test(text) && text.length % 4 === 0;
  return [
    ...problem(!isBase64, property, "must be base64-encoded"),
    ...sizeProblems(Buffer.from(text, "base64").length, property),
  ];
}

export function plainUserDataProblems(inputs: Properties, property: string): Problem[] {
  return sizeProblems(Buffer.byteLength(textOf(inputs[property]) ?? ""), property);
}

function sizeProblems(bytes: number, property: string): Problem[] {
  const reason = `User data is limited to ${USER_DATA_BYTES} bytes, this is ${bytes}`;
  return problem(bytes > USER_DATA_BYTES, property, reason);
}
