import { deploy, toldPlainly } from "./deploy";

export = toldPlainly(deploy());
