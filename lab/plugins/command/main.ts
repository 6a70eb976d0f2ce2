import { runPlugin } from "../run";
import { commandProvider } from "./provider";

void runPlugin(commandProvider());
